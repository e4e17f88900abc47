// Every described value takes part in the hash, the effective configuration and the schema.
#include "sim/config/describe.hpp"

#include "sim/base/field_writer.hpp"
#include "sim/base/json.hpp"
#include "sim/config/loader.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/support/systems.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <type_traits>
#include <typeinfo>
#include <utility>

using namespace tessera;

namespace {

// Changes the value at one position of the order in which values are described.
class Changer final : public FieldVisitor {
public:
    explicit Changer(int target) : target_(target) {}
    std::string changed;  // name of the value, "" if there is none at that position

protected:
    Visit begin(const Section& /*s*/, std::size_t layer) override { return layer == 0 ? Visit::visit : Visit::stop; }
    void end() override {}
    void on_bool(const Field& f, bool& v) override {
        if (mine(f)) { v = !v; }
    }
    void on_integer(const Field& f, std::int64_t& v) override {
        if (mine(f)) { ++v; }
    }
    void on_number(const Field& f, double& v) override {
        if (mine(f)) { v = v * 1.000001 + 1e-9; }
    }
    void on_text(const Field& f, std::string& v) override {
        if (mine(f)) { v += "x"; }
    }
    void on_choice(const Field& f, const std::vector<std::string>& names, std::size_t& index) override {
        if (mine(f)) { index = (index + 1) % names.size(); }
    }
    void on_quantity(const Field& f, Dimension /*d*/, std::int64_t& raw) override {
        if (mine(f)) { ++raw; }
    }
    void on_quantity(const Field& f, Dimension /*d*/, double& raw) override {
        if (mine(f)) { raw = raw * 1.000001 + 1e-9; }
    }
    void on_integers(const Field& f, std::vector<std::int64_t>& v) override {
        if (mine(f)) { v.push_back(1); }
    }
    void on_options(const Field& f, NamedOptions& v) override {
        if (mine(f)) { v.emplace_back("more", std::map<std::string, std::string>{}); }
    }

private:
    bool mine(const Field& f) {
        if (next_++ != target_) { return false; }
        changed = f.name;
        return true;
    }
    int target_;
    int next_ = 0;
};

// Members of an aggregate: the most initialisers it takes.
struct Anything {
    template <class T>
    operator T() const;  // NOLINT(google-explicit-constructor)
};
template <class T, class Indices, class = void>
struct Takes : std::false_type {};
template <std::size_t>
using Indexed = Anything;
template <class T, std::size_t... I>
struct Takes<T, std::index_sequence<I...>, std::void_t<decltype(T{std::declval<Indexed<I>>()...})>> : std::true_type {};

template <class T, std::size_t N = 40>
constexpr std::size_t member_count() {
    if constexpr (Takes<T, std::make_index_sequence<N>>::value) {
        return N;
    } else {
        return member_count<T, N - 1>();
    }
}

class Counter final : public FieldVisitor {
public:
    std::size_t count = 0;

protected:
    Visit begin(const Section& /*s*/, std::size_t /*layer*/) override {
        ++count;
        return Visit::stop;
    }
    void end() override {}
    void on_bool(const Field& /*f*/, bool& /*v*/) override { ++count; }
    void on_integer(const Field& /*f*/, std::int64_t& /*v*/) override { ++count; }
    void on_number(const Field& /*f*/, double& /*v*/) override { ++count; }
    void on_text(const Field& /*f*/, std::string& /*v*/) override { ++count; }
    void on_choice(const Field& /*f*/, const std::vector<std::string>& /*n*/, std::size_t& /*i*/) override { ++count; }
    void on_quantity(const Field& /*f*/, Dimension /*d*/, std::int64_t& /*raw*/) override { ++count; }
    void on_quantity(const Field& /*f*/, Dimension /*d*/, double& /*raw*/) override { ++count; }
    void on_integers(const Field& /*f*/, std::vector<std::int64_t>& /*v*/) override { ++count; }
    void on_options(const Field& /*f*/, NamedOptions& /*v*/) override { ++count; }
};

// A member without a line in describe() would be read from no file, and no hash would know it.
template <class T>
void check_all_described(std::size_t not_configured = 0) {
    T value;
    Counter counter;
    describe(counter, value);
    INFO(typeid(T).name());
    CHECK(counter.count + not_configured == member_count<T>());
}

}  // namespace

TEST_CASE("the hash of a system changes with every one of its values", "[config]") {
    const SystemConfig& base = tessera::testing::h800();
    std::set<std::uint64_t> seen = {config_hash(base)};
    CHECK(config_hash(load_system(find_config("systems", "h800"))) == config_hash(base));
    int values = 0;
    for (;; ++values) {
        SystemConfig c = base;
        Changer changer(values);
        describe(changer, c);
        if (changer.changed.empty()) { break; }
        INFO(changer.changed);
        CHECK(seen.insert(config_hash(c)).second);
    }
    CHECK(values == static_cast<int>(flatten(FieldWriter().write(base)).size()));
}

TEST_CASE("every value of a run shows in its effective configuration", "[config]") {
    const RunConfig base = default_run_config();
    std::set<std::string> seen = {to_json(base)};
    for (int i = 0;; ++i) {
        RunConfig c = base;
        Changer changer(i);
        describe(changer, c);
        if (changer.changed.empty()) { break; }
        INFO(changer.changed);
        CHECK((seen.insert(to_json(c)).second || changer.changed == "kind"));  // one kind of workload so far
    }
}

TEST_CASE("every member of the config structs is described", "[config]") {
    check_all_described<TensorCoreConfig>();
    check_all_described<CudaCoreConfig>();
    check_all_described<SharedMemoryConfig>();
    check_all_described<SmConfig>();
    check_all_described<TmaConfig>();
    check_all_described<L2Config>();
    check_all_described<HbmConfig>();
    check_all_described<NvlinkConfig>();
    check_all_described<NicConfig>();
    check_all_described<CoprocessorConfig>();
    check_all_described<PowerConfig>();
    check_all_described<LaunchConfig>();
    check_all_described<SystemConfig>();
    check_all_described<ModelConfig>();
    check_all_described<ParallelConfig>();
    check_all_described<RouterConfig>();
    check_all_described<RecipeConfig>();
    check_all_described<PipelineConfig>();
    check_all_described<TrainingMemoryConfig>();
    check_all_described<InferenceConfig>();
    check_all_described<LengthConfig>();
    check_all_described<ServingConfig>();
    check_all_described<WorkloadConfig>();
    check_all_described<CompareConfig>();
    check_all_described<SimulationConfig>();
    check_all_described<RunConfig>(2);  // provenance and effective_json are results of loading
}

TEST_CASE("schemas accept the shipped files and refuse slips in them", "[config][schema]") {
    const auto problem = [](const std::string& kind, const JsonValue& v) {
        return tessera::testing::schema_problem(v, parse_json(json_schema(kind), "schema"));
    };
    for (const auto& [kind, folder] : std::vector<std::pair<std::string, std::string>>{
             {"system", "systems"}, {"model", "models"}, {"run", "runs"}}) {
        for (const std::string& name : shipped_configs(folder)) {
            INFO(folder << "/" << name);
            JsonValue file = read_json_file(find_config(folder, name));
            CHECK(problem(kind, file).empty());
            file.set("nmae", JsonValue::string("x"));
            CHECK(problem(kind, file) == "/nmae: not allowed");
        }
    }
    const RunConfig run = default_run_config();
    CHECK(problem("run", parse_json(run.effective_json, "effective")).empty());
    CHECK(problem("system", parse_json(to_json(run.system), "effective")).empty());
    CHECK(problem("workload", parse_json(to_json(run.workload), "effective")).empty());
    JsonValue system = parse_json(to_json(run.system), "effective");
    system.set("hbm", JsonValue::object());
    CHECK(problem("system", system) == "/hbm: lacks capacity");
}
