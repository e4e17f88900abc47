#include "sim/cli/stored_result.hpp"

#include "models/proposals/proposal.hpp"
#include "sim/app/compare.hpp"
#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/config/loader.hpp"
#include "sim/result/result_json.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace tessera::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 100;

bool is_file_name(const std::string& name) {
    const auto plain = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '+';
    };
    return !name.empty() && name.size() <= kLongestName && name[0] != '.' && name[0] != '-' &&
           std::all_of(name.begin(), name.end(), plain);
}

// `name` with a dash for what a file name should not have.
std::string file_name_of(std::string name) {
    for (char& c : name) {
        if (!is_file_name(std::string("x") + c)) { c = '-'; }
    }
    const std::size_t first = name.find_first_not_of("-.");
    name = first == std::string::npos ? std::string("result") : name.substr(first, kLongestName);
    return name;
}

std::string natural_label(const std::string& file) {
    std::error_code failed;
    const fs::path path = fs::absolute(file, failed).lexically_normal();
    if (path.filename() != "result.json") { return file_name_of(path.stem().string()); }
    return file_name_of(path.parent_path().filename().string());
}

// The comparison without variants that a single run amounts to.
Comparison comparison_of(RunDocument d) {
    Comparison c;
    c.workload = std::move(d.workload);
    c.system = std::move(d.system);
    c.baseline = std::move(d.run);
    c.provenance_json = std::move(d.provenance_json);
    c.code_version = std::move(d.code_version);
    return c;
}

std::string written_by(const JsonValue& root) {
    const JsonValue* v = root.is_object() ? root.find("code_version") : nullptr;
    const std::string version = v != nullptr && v->is_string() ? v->as_string() : "another version";
    return "written by tessera " + version + ", this is " + code_version() + ": simulate it again";
}

Comparison read_document(const JsonValue& root, const std::string& file) {
    const std::string schema = schema_of(root);
    if (schema == compare_schema) { return comparison_from_json(root, file); }
    if (schema == run_schema) { return comparison_of(run_from_json(root, file)); }
    const std::string wanted = "expected \"" + std::string(compare_schema) + "\" or \"" + run_schema + "\"";
    if (schema.empty()) {
        throw ConfigError(file, "/schema", wanted, "the result.json of 'tessera compare' or 'tessera run'");
    }
    const std::string name = schema.substr(0, schema.find('/') + 1);
    const bool other_version =
        std::string(compare_schema).rfind(name, 0) == 0 || std::string(run_schema).rfind(name, 0) == 0;
    throw ConfigError(file, "/schema", wanted + ", not \"" + schema + "\"",
                      other_version ? written_by(root) : "only results of 'compare' and 'run' become reports");
}

void check_run(const RunResult& r, const std::string& file, const std::string& pointer) {
    if (!is_file_name(r.id)) {
        throw ConfigError(file, pointer + "/id", "expected letters, digits and -_.+, not \"" + r.id + "\"");
    }
    if (r.time <= Time::zero()) { throw ConfigError(file, pointer + "/time_s", "expected a time above 0"); }
}

// The configuration that the values of `provenance_json` state, with today's defaults where they say nothing.
std::optional<RunConfig> config_of(const std::string& provenance_json, const std::string& file) {
    try {
        const JsonValue values = parse_json(provenance_json, file);
        if (!values.is_object() || values.members().empty()) { return {}; }
        std::vector<std::string> sets;
        for (const auto& [pointer, entry] : values.members()) {
            const JsonValue* value = entry.is_object() ? entry.find("value") : nullptr;
            if (value == nullptr || pointer.size() < 2) { return {}; }
            std::string path = pointer.substr(1);
            std::replace(path.begin(), path.end(), '/', '.');
            sets.push_back(path + "=" + write_json(*value, 0));
        }
        return default_run_config(sets);
    } catch (const ConfigError& e) {
        logger().warning(file +
                         ": its configuration is not one of this version: parameters of proposals and the "
                         "model's own error are left out (" +
                         std::string(e.what()) + ")");
        return {};
    }
}

// The proposals that the variants name and this version knows.
std::vector<ProposalChoice> proposals_of(const StoredResult& r) {
    std::vector<ProposalChoice> out;
    for (const VariantOutcome& v : r.comparison.variants) {
        for (const std::string& slug : v.result.proposals) {
            const bool there = std::any_of(out.begin(), out.end(), [&](const auto& c) { return c.slug == slug; });
            if (there || find_proposal(slug) == nullptr) { continue; }
            out.push_back({slug, {}});
            if (!r.config) { continue; }
            for (const ProposalChoice& known : r.config->compare.proposals) {
                if (known.slug == slug) { out.back() = known; }
            }
        }
    }
    return out;
}

StoredResult read_result(const std::string& file) {
    StoredResult r;
    r.file = file;
    const JsonValue root = read_json_file(file);
    try {
        r.comparison = read_document(root, file);
    } catch (const ConfigError& e) {
        std::vector<Diagnostic> problems = e.diagnostics();
        for (Diagnostic& d : problems) {
            if (d.hint.empty()) { d.hint = written_by(root); }
        }
        throw ConfigError(std::move(problems));
    }
    check_run(r.comparison.baseline, file, "/baseline");
    for (std::size_t i = 0; i < r.comparison.variants.size(); ++i) {
        check_run(r.comparison.variants[i].result, file, "/variants/" + std::to_string(i));
    }
    r.config = config_of(r.comparison.provenance_json, file);
    r.proposals = proposals_of(r);
    return r;
}

// Given labels as they are, others made different from all before them.
std::vector<std::string> labels_of(const std::vector<std::string>& files, const std::vector<std::string>& given) {
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const bool named = i < given.size();
        const std::string wish = named ? given[i] : natural_label(files[i]);
        if (named && !is_file_name(wish)) {
            throw ConfigError("--label", "", "\"" + wish + "\" cannot name a folder", "letters, digits and -_.+");
        }
        std::string label = wish;
        const auto taken = [&] { return std::count(labels.begin(), labels.end(), label) != 0; };
        if (named && taken()) { throw ConfigError("--label", "", "\"" + wish + "\" is given twice"); }
        for (int n = 2; taken(); ++n) { label = wish + "-" + std::to_string(n); }
        labels.push_back(label);
    }
    return labels;
}

}  // namespace

std::vector<StoredResult> read_results(const std::vector<std::string>& files, const std::vector<std::string>& labels) {
    std::vector<Diagnostic> problems;
    const auto note = [&](const ConfigError& e) {
        problems.insert(problems.end(), e.diagnostics().begin(), e.diagnostics().end());
    };
    std::vector<std::string> names(files.size());
    try {
        names = labels_of(files, labels);
    } catch (const ConfigError& e) { note(e); }
    std::vector<StoredResult> out;
    for (std::size_t i = 0; i < files.size(); ++i) {
        try {
            out.push_back(read_result(files[i]));
            out.back().label = names[i];
        } catch (const ConfigError& e) { note(e); }
    }
    if (!problems.empty()) { throw ConfigError(std::move(problems)); }
    return out;
}

}  // namespace tessera::cli
