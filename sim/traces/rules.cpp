#include "sim/traces/rules.hpp"

#include "sim/base/error.hpp"
#include "sim/base/json_cursor.hpp"
#include "sim/base/text.hpp"
#include "sim/traces/formula.hpp"
#include "sim/traces/kernel_form.hpp"

#include <algorithm>

namespace tessera::traces {
namespace {

constexpr char schema[] = "tessera.rules/1";
constexpr std::size_t most_rules = 4096, most_roles = 65536;

class RuleParser {
public:
    RuleFile read(const JsonCursor& at) {
        RuleFile f;
        f.file = at.file();
        collect([&] {
            known(at, {"schema", "name", "source", "constants", "communication", "rules"});
            if (at.text("schema") != schema) { at.at("schema").fail(std::string("expected \"") + schema + "\""); }
            f.name = at.text("name");
        });
        collect([&] {
            if (!at.has("constants")) { return; }
            for (const auto& [name, value] : at.at("constants").members()) { f.constants[name] = value.integer(); }
        });
        collect([&] {
            if (!at.has("communication")) { return; }
            for (const JsonCursor& c : at.at("communication").items()) { f.communication.push_back(glob(c)); }
        });
        collect([&] {
            for (const JsonCursor& r : at.at("rules").items()) {
                if (f.rules.size() >= most_rules) { r.fail("more than 4096 rules"); }
                collect([&] { f.rules.push_back(rule(r)); });
            }
        });
        if (!problems_.empty()) { throw ConfigError(std::move(problems_)); }
        return f;
    }

private:
    template <class Step>
    void collect(Step step) {
        try {
            step();
        } catch (const ConfigError& e) {
            for (const Diagnostic& d : e.diagnostics()) { problems_.push_back(d); }
        }
    }

    static void known(const JsonCursor& at, const std::vector<std::string>& names) {
        std::vector<Diagnostic> problems;
        for (const auto& [key, value] : at.members()) {
            if (std::find(names.begin(), names.end(), key) == names.end()) {
                problems.push_back({at.file(), value.pointer(), "unknown key", suggestion(key, names)});
            }
        }
        if (!problems.empty()) { throw ConfigError(std::move(problems)); }
    }

    static Glob glob(const JsonCursor& at) {
        try {
            return Glob(at.text());
        } catch (const ConfigError& e) {
            const Diagnostic& d = e.diagnostics().front();
            throw ConfigError(at.file(), at.pointer(), d.message, d.hint);
        }
    }

    // A formula, or a plain integer as one.
    static std::string formula(const JsonCursor& at) {
        if (at.value().kind() == JsonValue::Kind::integer) { return std::to_string(at.integer()); }
        std::string text = at.text();
        if (const std::string problem = syntax_problem(text); !problem.empty()) {
            at.fail("formula \"" + text + "\": " + problem);
        }
        return text;
    }

    static Formulas formulas(const JsonCursor& at) {
        Formulas out;
        for (const auto& [name, value] : at.members()) { out.emplace_back(name, formula(value)); }
        return out;
    }

    static TaskPass pass(const JsonCursor& at) {
        std::vector<std::string> names;
        for (const TaskPass p : {TaskPass::forward, TaskPass::backward, TaskPass::weight, TaskPass::recompute,
                                 TaskPass::optimizer, TaskPass::other}) {
            names.emplace_back(to_string(p));
            if (names.back() == at.text()) { return p; }
        }
        at.fail("\"" + at.text() + "\" is none of: " + join(names, ", "));
    }

    RuleRole role(const JsonCursor& at, bool common) {
        RuleRole r;
        if (!common) { known(at, {"role", "class", "pass", "when", "let", "sets"}); }
        if (!common || at.has("role")) { r.role = at.text("role"); }
        if (at.has("class")) { r.op_class = at.text("class"); }
        if (at.has("pass")) { r.pass = pass(at.at("pass")); }
        if (!common && at.has("when")) { r.when = formula(at.at("when")); }
        if (at.has("let")) { r.let = formulas(at.at("let")); }
        if (at.has("sets")) { r.sets = formulas(at.at("sets")); }
        return r;
    }

    static void check_kernel(const JsonCursor& at) {
        const std::string kind = at.text("kind");
        const std::vector<std::string> kinds = form_kinds();
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
            at.at("kind").fail("no kind of kernel is called \"" + kind + "\"; there are " + join(kinds, ", "));
        }
        std::vector<std::string> names = {"kind"};
        for (const FormParameter& p : form_parameters(kind)) {
            names.push_back(p.name);
            if (p.required && !at.has(p.name)) { at.fail("a kernel of kind " + kind + " needs \"" + p.name + "\""); }
            if (!at.has(p.name)) { continue; }
            const JsonCursor value = at.at(p.name);
            if (p.kind == FormParameter::Kind::integer) { formula(value); }
            if (p.kind == FormParameter::Kind::integers) { value.fail("rules give groups by a number, not a list"); }
        }
        known(at, names);
    }

    Rule rule(const JsonCursor& at) {
        known(at, {"name", "when", "role", "class", "pass", "let", "sets", "in", "kernel", "sms", "note"});
        Rule r{glob(at.at("name")), {}, role(at, true), {}, {}, {}, at.pointer()};
        if (at.has("when")) { r.when = formula(at.at("when")); }
        if (at.has("sms")) { r.sms = formula(at.at("sms")); }
        if (at.has("kernel")) {
            check_kernel(at.at("kernel"));
            r.kernel = at.at("kernel").value();
        }
        if (at.has("in")) {
            for (const auto& [region, list] : at.at("in").members()) {
                r.in.emplace_back(region, std::vector<RuleRole>{});
                for (const JsonCursor& item : list.items()) {
                    if (++roles_ > most_roles) { item.fail("more than 65536 roles"); }
                    r.in.back().second.push_back(role(item, false));
                }
            }
        } else if (r.common.role.empty()) {
            at.fail("a rule needs a \"role\", or an \"in\" with roles by region");
        }
        return r;
    }

    std::vector<Diagnostic> problems_;
    std::size_t roles_ = 0;
};

}  // namespace

RuleFile parse_rules(const JsonValue& document, const std::string& file) {
    return RuleParser().read(JsonCursor(document, file));
}

RuleFile read_rules(const std::string& path) { return parse_rules(read_json_file(path), path); }

}  // namespace tessera::traces
