// The members of one kernel form, read by name and remembered, so that what nobody asked for is refused. Without a form
// it answers with defaults and only remembers: that is how a kind tells its parameters. Internal to sim/traces.
#pragma once

#include "sim/traces/kernel_form.hpp"

#include <map>

namespace tessera::traces {

class FormReader {
public:
    FormReader() = default;  // only lists
    explicit FormReader(const JsonCursor& form) : form_(form) {}

    // An extent of the kernel, from 1 to 2^40; all extents together at most 2^54, so that no product of them overflows.
    std::int64_t integer(const std::string& name);
    std::int64_t extent(const std::string& name, std::int64_t otherwise);  // one that may be left out
    // Any other number, from 1 to 2^24; `otherwise` if it is left out.
    std::int64_t integer(const std::string& name, std::int64_t otherwise);
    bool flag(const std::string& name, bool otherwise = false);
    std::vector<std::int64_t> integers(const std::string& name);  // may be left out: empty
    // One of `choices`, the first if left out.
    template <class E>
    E choice(const std::string& name, const std::vector<std::pair<const char*, E>>& choices) {
        std::vector<std::string> names;
        for (const auto& c : choices) { names.emplace_back(c.first); }
        return choices[choice_index(name, names)].second;
    }

    void finish() const;  // ConfigError for a member that was not asked for
    const std::vector<FormParameter>& asked() const { return asked_; }

private:
    std::size_t choice_index(const std::string& name, const std::vector<std::string>& choices);
    bool given(const std::string& name) const { return form_ && form_->has(name); }
    std::int64_t number(const std::string& name, std::int64_t most) const;
    std::int64_t counted(const std::string& name);
    std::optional<JsonCursor> form_;
    double volume_ = 1;  // product of all extents
    std::vector<FormParameter> asked_;
};

using FormMaker = KernelDesc (*)(FormReader&);
using FormMakers = std::map<std::string, FormMaker>;
void add_stream_forms(FormMakers& makers);   // casts, norms, copies, ...
void add_compute_forms(FormMakers& makers);  // GEMM, attention, exchanges, barriers

}  // namespace tessera::traces
