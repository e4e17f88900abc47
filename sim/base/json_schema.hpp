// JSON Schema of described structs (field_visitor.hpp), for editors and for `tessera schema`.
#pragma once

#include "sim/base/field_visitor.hpp"
#include "sim/base/json.hpp"

#include <string>
#include <vector>

namespace tessera {

// JSON Schema 2020-12 of a described struct, with documentation, ranges, units as patterns, names allowed.
class SchemaBuilder final : public FieldVisitor {
public:
    template <class T>
    std::string schema(const std::string& title) {
        T value{};
        section(Section{"", "", true}, value);
        return text(title);
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
    struct Level {
        Section section;
        JsonValue properties = JsonValue::object();
        JsonValue complete = JsonValue::object();  // what must be there if no file is extended, per property
        JsonValue required = JsonValue::array();
    };
    void put(const Field& f, JsonValue v);
    void quantity(const Field& f, Dimension d);
    std::string text(const std::string& title);
    std::vector<Level> open_;
    JsonValue root_;
};

}  // namespace tessera
