#include "sim/traces/recognise.hpp"

#include "sim/base/error.hpp"
#include "sim/traces/formula.hpp"
#include "sim/traces/kernel_form.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tessera::traces {
namespace {

// A rule that a name fits, with the numbers in the name.
struct Candidate {
    const RuleFile* file = nullptr;
    const Rule* rule = nullptr;
    Captures captures;
};

struct Choice {
    const Candidate* candidate = nullptr;
    const RuleRole* role = nullptr;  // nullptr: the rule's common part only
};

using Shared = std::map<std::string, std::optional<std::int64_t>, std::less<>>;  // nothing: set to several values

std::optional<std::int64_t> launch_value(const RecordedKernel& k, std::string_view name) {
    if (name == "grid_x") { return k.grid[0]; }
    if (name == "grid_y") { return k.grid[1]; }
    if (name == "grid_z") { return k.grid[2]; }
    if (name == "block_x") { return k.block[0]; }
    if (name == "block_y") { return k.block[1]; }
    if (name == "block_z") { return k.block[2]; }
    if (name == "registers") { return k.registers; }
    if (name == "smem") { return k.smem; }
    if (name == "bytes") { return k.bytes; }
    std::int64_t product = 1;
    const auto multiply = [&](const std::array<std::int32_t, 3>& extents) -> std::optional<std::int64_t> {
        for (const std::int32_t e : extents) {
            if (__builtin_mul_overflow(product, std::int64_t{e}, &product)) { return std::nullopt; }
        }
        return product;
    };
    if (name == "blocks") { return multiply(k.grid); }
    if (name == "threads") { return multiply(k.block); }
    return std::nullopt;
}

class Recogniser {
public:
    Recogniser(const std::vector<RuleFile>& files, const NameTable& names, int device_sms)
        : files_(files), names_(names), device_sms_(device_sms) {}

    std::vector<Recognised> run(const std::vector<RecordedKernel>& kernels, const std::vector<LaunchPlace>& places) {
        std::vector<Choice> choices;
        choices.reserve(kernels.size());
        for (std::size_t i = 0; i < kernels.size(); ++i) { choices.push_back(choose(kernels[i], places[i])); }
        for (std::size_t i = 0; i < kernels.size(); ++i) { share(kernels[i], places[i], choices[i]); }
        std::vector<Recognised> out;
        out.reserve(kernels.size());
        for (std::size_t i = 0; i < kernels.size(); ++i) { out.push_back(describe(kernels[i], places[i], choices[i])); }
        return out;
    }

private:
    const std::vector<Candidate>& candidates(NameId name) {
        const auto [it, fresh] = by_name_.try_emplace(name);
        if (fresh) {
            for (const RuleFile& f : files_) {
                for (const Rule& r : f.rules) {
                    if (auto captures = r.name.match(names_.text(name))) {
                        it->second.push_back({&f, &r, std::move(*captures)});
                    }
                }
            }
        }
        return it->second;
    }

    bool communicates(NameId name) {
        const auto [it, fresh] = links_.try_emplace(name, false);
        if (fresh) {
            for (const RuleFile& f : files_) {
                it->second =
                    it->second || std::any_of(f.communication.begin(), f.communication.end(),
                                              [&](const Glob& g) { return g.match(names_.text(name)).has_value(); });
            }
        }
        return it->second;
    }

    // What a name means for one kernel; `let` is worked out in its order, each formula seeing those before it.
    Names meaning(const RecordedKernel& k, const Choice& c, const Shared& lets, int iteration) const {
        return [this, &k, &c, &lets, iteration](std::string_view name) -> std::optional<std::int64_t> {
            if (const auto let = lets.find(name); let != lets.end()) { return let->second; }
            const std::string key(name);
            if (const auto v = c.candidate->captures.find(key); v != c.candidate->captures.end()) { return v->second; }
            if (const auto v = launch_value(k, name)) { return v; }
            if (name == "device_sms" && device_sms_ > 0) { return device_sms_; }
            if (const auto v = c.candidate->file->constants.find(key); v != c.candidate->file->constants.end()) {
                return v->second;
            }
            const auto scope = shared_.find(iteration);
            if (scope == shared_.end()) { return std::nullopt; }
            const auto v = scope->second.find(name);
            return v == scope->second.end() ? std::nullopt : v->second;
        };
    }

    Shared lets(const RecordedKernel& k, const Choice& c, int iteration) const {
        Shared values;
        const Names names = meaning(k, c, values, iteration);
        const auto add = [&](const Formulas& formulas) {
            for (const auto& [name, formula] : formulas) {
                auto result = evaluate(formula, names);
                values[name] = result.value;
            }
        };
        add(c.candidate->rule->common.let);
        if (c.role != nullptr) { add(c.role->let); }
        return values;
    }

    bool holds(const std::string& condition, const RecordedKernel& k, const Choice& c, const Shared& lets,
               int iteration) const {
        return condition.empty() || evaluate(condition, meaning(k, c, lets, iteration)).value.value_or(0) != 0;
    }

    Choice choose(const RecordedKernel& k, const LaunchPlace& place) {
        const Shared none;
        for (const Candidate& candidate : candidates(k.name)) {
            Choice c{&candidate, nullptr};
            const Rule& rule = *candidate.rule;
            if (!holds(rule.when, k, c, none, place.iteration)) { continue; }
            if (rule.in.empty()) { return c; }
            const auto region =
                std::find_if(rule.in.begin(), rule.in.end(), [&](const auto& r) { return r.first == place.region; });
            if (region == rule.in.end()) { continue; }
            std::size_t& seen = seen_[{&rule, place.instance, place.region}];
            if (seen >= region->second.size()) { continue; }
            const RuleRole& role = region->second[seen];
            if (!holds(role.when, k, c, none, place.iteration)) { continue; }
            ++seen;
            c.role = &role;
            return c;
        }
        return {};
    }

    void share(const RecordedKernel& k, const LaunchPlace& place, const Choice& c) {
        if (c.candidate == nullptr) { return; }
        const auto set = [&](const Formulas& formulas) {
            for (const auto& [name, formula] : formulas) {
                const Shared values = lets(k, c, place.iteration);
                const FormulaResult result = evaluate(formula, meaning(k, c, values, place.iteration));
                if (!result.value) { continue; }
                const auto [it, fresh] = shared_[place.iteration].try_emplace(name, result.value);
                if (!fresh && it->second != result.value) { it->second.reset(); }
            }
        };
        set(c.candidate->rule->common.sets);
        if (c.role != nullptr) { set(c.role->sets); }
    }

    Recognised describe(const RecordedKernel& k, const LaunchPlace& place, const Choice& c) {
        Recognised r;
        r.communication = communicates(k.name);
        if (c.candidate == nullptr) { return r; }
        const Rule& rule = *c.candidate->rule;
        r.known = true;
        r.role = c.role != nullptr ? c.role->role : rule.common.role;
        r.op_class = rule.common.op_class.value_or("other");
        r.pass = rule.common.pass.value_or(TaskPass::other);
        if (c.role != nullptr) {
            r.op_class = c.role->op_class.value_or(r.op_class);
            r.pass = c.role->pass.value_or(r.pass);
        }
        const Shared values = lets(k, c, place.iteration);
        const Names names = meaning(k, c, values, place.iteration);
        if (!rule.sms.empty()) {
            const std::int64_t sms = evaluate(rule.sms, names).value.value_or(0);
            if (sms > 0 && (device_sms_ == 0 || sms <= device_sms_) && sms <= 4096) { r.sms = static_cast<int>(sms); }
        }
        if (rule.kernel) { shape(rule, names, r); }
        return r;
    }

    static void shape(const Rule& rule, const Names& names, Recognised& r) {
        JsonValue form = JsonValue::object();
        const std::string& kind = rule.kernel->find("kind")->as_string();
        form.set("kind", JsonValue::string(kind));
        for (const FormParameter& p : form_parameters(kind)) {
            const JsonValue* given = rule.kernel->find(p.name);
            if (given == nullptr) { continue; }
            if (p.kind == FormParameter::Kind::integer && given->is_string()) {
                const FormulaResult result = evaluate(given->as_string(), names);
                if (!result.value) {
                    r.problem = p.name + " = " + given->as_string() + ": " + result.problem;
                    return;
                }
                if (*result.value == 0 && !p.required) { continue; }
                form.set(p.name, JsonValue::integer(*result.value));
            } else {
                form.set(p.name, *given);
            }
        }
        try {
            make_kernel(JsonCursor(form, "", ""));
            r.kernel = std::move(form);
        } catch (const ConfigError& e) {
            const Diagnostic& d = e.diagnostics().front();
            r.problem = d.pointer + ": " + d.message;
        } catch (const ModelError& e) { r.problem = e.what(); }
    }

    const std::vector<RuleFile>& files_;
    const NameTable& names_;
    int device_sms_;
    std::map<NameId, std::vector<Candidate>> by_name_;
    std::map<NameId, bool> links_;
    std::map<int, Shared> shared_;                                           // by iteration
    std::map<std::tuple<const Rule*, int, std::string>, std::size_t> seen_;  // roles used, by rule and region instance
};

}  // namespace

std::vector<Recognised> recognise(const std::vector<RuleFile>& files, const std::vector<RecordedKernel>& kernels,
                                  const std::vector<LaunchPlace>& places, const NameTable& names, int device_sms) {
    return Recogniser(files, names, device_sms).run(kernels, places);
}

}  // namespace tessera::traces
