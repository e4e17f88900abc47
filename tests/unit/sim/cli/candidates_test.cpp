#include "sim/cli/candidates.hpp"
#include "sim/cli/verbs.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tessera::cli;

namespace {

std::vector<std::string> words(const std::vector<std::string>& typed) {
    std::vector<std::string> out;
    for (const Candidate& c : candidates(typed).words) { out.push_back(c.word); }
    return out;
}

bool has(const std::vector<std::string>& list, const std::string& word) {
    return std::count(list.begin(), list.end(), word) == 1;
}

}  // namespace

TEST_CASE("the first word is a verb, with its summary") {
    CHECK(words({"expla"}) == std::vector<std::string>{"explain"});
    CHECK(words({""}).size() == verbs().size() + 2);
    CHECK(candidates({"expla"}).words[0].help == explain_verb().summary);
    CHECK(words({"help", "ker"}) == std::vector<std::string>{"kernel"});
    CHECK(words({"--v"}) == std::vector<std::string>{"--version"});
}

TEST_CASE("every option of every verb is offered once, with its help, until it is given") {
    for (const Verb& v : verbs()) {
        for (const OptionSpec& o : options_of(v)) {
            INFO(v.name << " " << o.name);
            const Candidates all = candidates({v.name, "-"});
            CHECK(std::count_if(all.words.begin(), all.words.end(),
                                [&](const Candidate& c) { return c.word == o.name && c.help == o.help; }) == 1);
            std::vector<std::string> given = {v.name, o.name};
            if (!o.value.empty()) { given.emplace_back("x"); }
            given.emplace_back("-");
            CHECK(has(words(given), o.name) == o.repeatable);
        }
    }
}

TEST_CASE("an option that waits for its value gets its words, with and without an equals sign") {
    CHECK(words({"kernel", "gemm", "--dtype", ""}) == std::vector<std::string>{"fp8", "bf16", "fp32"});
    CHECK(words({"kernel", "--dtype=b"}) == std::vector<std::string>{"--dtype=bf16"});
    CHECK(words({"compare", "--set", "system.hbm.pea"}) == std::vector<std::string>{"system.hbm.peak="});
    CHECK(candidates({"compare", "--out", ""}).folders);
    CHECK_FALSE(candidates({"compare", "--out", ""}).files);
    CHECK(candidates({"validate", "--data", "x"}).files);
}

TEST_CASE("operands are completed in their place, options and their values do not count") {
    CHECK(has(words({"run", "--seed", "1", "deep"}), "deepseek_v3_train_chunk"));
    CHECK(candidates({"run", ""}).files);
    CHECK(words({"run", "deepseek_v3_train_chunk", ""}).empty());
    CHECK_FALSE(candidates({"run", "deepseek_v3_train_chunk", ""}).files);
    CHECK(has(words({"explain", "warp"}), "warp-cast"));
    CHECK(words({"run", "--", "-"}).empty());
    CHECK(words({"schema", "ru"}) == std::vector<std::string>{"run", "rules"});
}

TEST_CASE("nothing fits an unknown verb; no words at all is the first word") {
    CHECK(words({"nonsense", ""}).empty());
    CHECK(words({}).size() == words({""}).size());
}

TEST_CASE("lines for the scripts: word, tab, help; last what the shell may add") {
    CHECK(to_lines({{{"a", "first"}, {"b", ""}}, false, false}) == "a\tfirst\nb\n:words\n");
    CHECK(to_lines({{}, true, false}) == ":files\n");
    CHECK(to_lines({{}, false, true}) == ":folders\n");
}
