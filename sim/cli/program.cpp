#include "sim/cli/program.hpp"

#include "sim/app/compare.hpp"
#include "sim/base/log.hpp"
#include "sim/base/text.hpp"
#include "sim/cli/help.hpp"
#include "sim/cli/verbs.hpp"

#include <new>
#include <ostream>

namespace tessera::cli {
namespace {

const Verb& find_verb(const std::string& name) {
    std::vector<std::string> names;
    for (const Verb& v : verbs()) {
        if (v.name == name) { return v; }
        names.push_back(v.name);
    }
    throw ConfigError("command line", "", "unknown verb \"" + name + "\"", suggestion(name, names));
}

bool asks_for(const std::vector<std::string>& words, const char* option) {
    for (const std::string& w : words) {
        if (w == "--") { return false; }
        if (w == option) { return true; }
    }
    return false;
}

int run_verb_words(const std::vector<std::string>& words, std::ostream& out) {
    if (words.empty() || words.front() == "help") {
        out << (words.size() > 1 ? verb_help(find_verb(words[1])) : program_help());
        return 0;
    }
    if (words.front() == "--help" || words.front() == "-h") {
        out << program_help();
        return 0;
    }
    if (words.front() == "--version") {
        out << "tessera " << version() << "\n";
        return 0;
    }
    const Verb& verb = find_verb(words.front());
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (asks_for(rest, "--help") || asks_for(rest, "-h")) {
        out << verb_help(verb);
        return 0;
    }
    if (asks_for(rest, "--version")) {
        out << "tessera " << version() << "\n";
        return 0;
    }
    Arguments arguments(rest, options_of(verb), most_operands(verb));
    logger().set_level(arguments.has("--quiet") ? LogLevel::error : LogLevel::info);
    return verb.run(arguments, out);
}

int fail(std::ostream& err, const std::string& message, ExitCode code) {
    err << "tessera: error: " << message << "\n";
    return static_cast<int>(code);
}

}  // namespace

std::string version() { return code_version(); }

int run_program(const std::vector<std::string>& words, std::ostream& out, std::ostream& err) {
    try {
        const int code = run_verb_words(words, out);
        out.flush();
        return out.good() ? code : fail(err, "standard output cannot be written", ExitCode::config);
    } catch (const ConfigError& e) {
        for (const Diagnostic& d : e.diagnostics()) { err << "tessera: error: " << to_string(d) << "\n"; }
        return static_cast<int>(ExitCode::config);
    } catch (const ModelError& e) {
        return fail(err, std::string("outside what the model can represent: ") + e.what(), ExitCode::model);
    } catch (const std::bad_alloc&) {
        return fail(err, "out of memory: the configuration asks for more than this machine has", ExitCode::model);
    } catch (const std::exception& e) {
        return fail(err, std::string("internal error, please report it with the command line: ") + e.what(),
                    ExitCode::internal);
    }
}

}  // namespace tessera::cli
