#include "sim/ir/pass.hpp"
#include "sim/base/error.hpp"
#include "sim/config/system_config.hpp"
#include "tests/unit/sim/ir/fixtures.hpp"

#include <catch2/catch.hpp>

using namespace tessera;
using Catch::Matchers::Contains;

namespace {

class Append : public GraphPass {
public:
    explicit Append(std::string suffix) : suffix_(std::move(suffix)) {}
    std::string_view name() const override { return "append"; }
    TaskGraph run(TaskGraph g, const SystemConfig&) const override {
        for (Task& t : g.tasks) { t.name += suffix_; }
        return g;
    }

private:
    std::string suffix_;
};

class Break : public GraphPass {
public:
    std::string_view name() const override { return "break"; }
    TaskGraph run(TaskGraph g, const SystemConfig&) const override {
        g.tasks.pop_back();
        g.tasks[0].deps = {1};
        return g;
    }
};

}  // namespace

TEST_CASE("passes run in order") {
    PassList list;
    list.push_back(std::make_unique<Append>(".a"));
    list.push_back(std::make_unique<Append>(".b"));
    const TaskGraph g = run_passes(fixtures::two_tasks(), list, SystemConfig{});
    CHECK(g.tasks[0].name == "first.a.b");
}

TEST_CASE("no passes leave the graph alone, a pass that breaks it is named") {
    CHECK(run_passes(fixtures::two_tasks(), {}, SystemConfig{}).tasks.size() == 2);
    PassList list;
    list.push_back(std::make_unique<Break>());
    CHECK_THROWS_WITH(run_passes(fixtures::two_tasks(), list, SystemConfig{}), Contains("pass 'break'"));
}
