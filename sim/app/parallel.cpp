#include "sim/app/parallel.hpp"

#include "sim/app/children.hpp"
#include "sim/base/error.hpp"

#include <algorithm>

namespace tessera {
namespace {

[[noreturn]] void rethrow(const std::string& name, const Ended& ended) {
    switch (ended.how) {
        case Ended::How::config: {
            std::vector<Diagnostic> diagnostics = diagnostics_of(ended);
            for (Diagnostic& d : diagnostics) { d.message.insert(0, name + ": "); }
            throw ConfigError(std::move(diagnostics));
        }
        case Ended::How::model: throw ModelError(name + ": " + ended.text);
        default: throw InternalError(name + ": " + ended.text);
    }
}

}  // namespace

std::vector<std::string> run_in_processes(const std::vector<Work>& list, int jobs, const ProgressFn& progress,
                                          const std::function<void(std::string&)>& on_answer) {
    const auto most = static_cast<std::size_t>(std::max(jobs, 1));
    std::vector<std::string> answers(list.size());
    Children children;
    std::size_t started = 0, done = 0;
    while (done < list.size()) {
        while (started < list.size() && children.count() < most) {
            children.start(started, list[started].work);
            ++started;
        }
        Ended ended = children.next();
        const std::string& name = list[ended.index].name;
        if (ended.how != Ended::How::answer) { rethrow(name, ended); }
        std::string& answer = answers[ended.index];
        answer = std::move(ended.text);
        ++done;
        if (on_answer) { on_answer(answer); }
        if (progress) { progress(done, list.size(), name); }
    }
    return answers;
}

}  // namespace tessera
