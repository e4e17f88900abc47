#include "sim/traces/kernel_form.hpp"

#include "sim/base/error.hpp"
#include "sim/base/text.hpp"
#include "sim/traces/form_reader.hpp"

namespace tessera::traces {
namespace {

const FormMakers& makers() {
    static const FormMakers all = [] {
        FormMakers m;
        add_stream_forms(m);
        add_compute_forms(m);
        return m;
    }();
    return all;
}

}  // namespace

std::vector<std::string> form_kinds() {
    std::vector<std::string> names;
    for (const auto& [name, maker] : makers()) { names.push_back(name); }
    return names;
}

std::vector<FormParameter> form_parameters(const std::string& kind) {
    const auto found = makers().find(kind);
    invariant(found != makers().end(), "no kernel form of that kind");
    FormReader reader;
    found->second(reader);
    return reader.asked();
}

KernelDesc make_kernel(const JsonCursor& form) {
    const std::string kind = form.text("kind");
    const auto found = makers().find(kind);
    if (found == makers().end()) {
        const JsonCursor at = form.at("kind");
        throw ConfigError(at.file(), at.pointer(), "no kind of kernel is called \"" + kind + "\"",
                          suggestion(kind, form_kinds()));
    }
    FormReader reader(form);
    KernelDesc kernel = found->second(reader);
    reader.finish();
    validate(kernel);
    return kernel;
}

}  // namespace tessera::traces
