#include "sim/cli/candidates.hpp"

#include "sim/cli/verbs.hpp"

#include <algorithm>

namespace tessera::cli {
namespace {

// Collects what begins with the word that is being typed.
class Offer {
public:
    explicit Offer(std::string typed) : typed_(std::move(typed)) {}
    void word(const std::string& w, const std::string& help = {}) {
        if (w.rfind(typed_, 0) == 0) { found_.words.push_back({w, help}); }
    }
    void values(const Values& v, const std::string& before = {}) {
        for (const std::string& w : all_words(v)) { word(before + w); }
        found_.files = v.files;
        found_.folders = v.folders;
    }
    void verbs_of_program() {
        for (const Verb& v : verbs()) { word(v.name, v.summary); }
    }
    const std::string& typed() const { return typed_; }
    Candidates take() { return std::move(found_); }

private:
    std::string typed_;
    Candidates found_;
};

const Verb* find_verb(const std::string& name) {
    for (const Verb& v : verbs()) {
        if (v.name == name) { return &v; }
    }
    return nullptr;
}

// What stands before the word that is being typed.
struct Before {
    const OptionSpec* waiting = nullptr;  // for its value
    std::vector<std::string> given;       // options
    std::size_t operands = 0;
    bool ended = false;  // by "--"
};

const OptionSpec* find_option(const std::vector<OptionSpec>& options, const std::string& name) {
    for (const OptionSpec& o : options) {
        if (o.name == name) { return &o; }
    }
    return nullptr;
}

Before read(const std::vector<std::string>& words, const std::vector<OptionSpec>& options) {
    Before b;
    for (std::size_t at = 1; at + 1 < words.size(); ++at) {
        const std::string& w = words[at];
        if (b.waiting != nullptr) {
            b.waiting = nullptr;
        } else if (!b.ended && w == "--") {
            b.ended = true;
        } else if (!b.ended && w.size() > 1 && w[0] == '-') {
            const std::size_t equals = w.find('=');
            const OptionSpec* o = find_option(options, w.substr(0, equals));
            if (o == nullptr) { continue; }
            b.given.push_back(o->name);
            if (equals == std::string::npos && !o->value.empty()) { b.waiting = o; }
        } else {
            ++b.operands;
        }
    }
    return b;
}

void offer_options(Offer& offer, const Before& before, const std::vector<OptionSpec>& options) {
    const std::size_t equals = offer.typed().find('=');
    if (equals != std::string::npos) {
        const std::string name = offer.typed().substr(0, equals);
        if (const OptionSpec* o = find_option(options, name)) { offer.values(values_of(*o), name + "="); }
        return;
    }
    for (const OptionSpec& o : options) {
        const bool again = std::count(before.given.begin(), before.given.end(), o.name) != 0;
        if (!again || o.repeatable) { offer.word(o.name, o.help); }
    }
}

void offer_operands(Offer& offer, const Before& before, const Verb& verb) {
    if (verb.operands.empty()) { return; }
    const bool beyond = before.operands >= verb.operands.size();
    if (beyond && !verb.operands.back().repeatable) { return; }
    offer.values(verb.operands[beyond ? verb.operands.size() - 1 : before.operands].values);
}

void offer_for(Offer& offer, const std::vector<std::string>& words, const Verb& verb) {
    const std::vector<OptionSpec> options = options_of(verb);
    const Before before = read(words, options);
    if (before.waiting != nullptr) {
        offer.values(values_of(*before.waiting));
    } else if (!before.ended && !offer.typed().empty() && offer.typed()[0] == '-') {
        offer_options(offer, before, options);
    } else {
        offer_operands(offer, before, verb);
    }
}

}  // namespace

Candidates candidates(const std::vector<std::string>& words) {
    Offer offer(words.empty() ? std::string() : words.back());
    if (words.size() <= 1) {
        offer.verbs_of_program();
        for (const char* option : {"--help", "--version"}) { offer.word(option); }
    } else if (words.front() == "help") {
        if (words.size() == 2) { offer.verbs_of_program(); }
    } else if (const Verb* verb = find_verb(words.front())) {
        offer_for(offer, words, *verb);
    }
    return offer.take();
}

std::string to_lines(const Candidates& c) {
    std::string out;
    for (const Candidate& k : c.words) { out += k.word + (k.help.empty() ? "" : "\t" + k.help) + "\n"; }
    return out + (c.files ? ":files\n" : c.folders ? ":folders\n" : ":words\n");
}

}  // namespace tessera::cli
