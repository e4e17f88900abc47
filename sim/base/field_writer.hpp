// Described structs (field_visitor.hpp) back into JSON that the strict reader accepts.
#pragma once

#include "sim/base/field_visitor.hpp"
#include "sim/base/json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tessera {

// Every value of a struct, quantities as text with unit.
class FieldWriter final : public FieldVisitor {
public:
    template <class T>
    JsonValue write(const T& value) {
        T copy = value;
        section(Section{"", "", true}, copy);
        return std::move(root_);
    }

protected:
    Visit begin(const Section& s, std::size_t layer) override;
    void end() override;
    void on_bool(const Field& f, bool& v) override;
    void on_integer(const Field& f, std::int64_t& v) override;
    void on_number(const Field& f, double& v) override;
    void on_text(const Field& f, std::string& v) override;
    void on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) override;
    void on_quantity(const Field& f, Dimension d, std::int64_t& raw) override;
    void on_quantity(const Field& f, Dimension d, double& raw) override;
    void on_integers(const Field& f, std::vector<std::int64_t>& v) override;
    void on_options(const Field& f, NamedOptions& v) override;

private:
    void put(const Field& f, JsonValue v);
    std::vector<std::pair<std::string, JsonValue>> open_;
    JsonValue root_;
};

JsonValue plain_number(double v);  // 4096, not 4096.0

// All values by JSON pointer, as one-line JSON text, in document order.
std::vector<std::pair<std::string, std::string>> flatten(const JsonValue& document);

}  // namespace tessera
