#include "support/fakes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/ensure.h"
#include "base/text.h"

namespace zonepin {

void FakeClock::advance(Milliseconds length) {
  ensure(length >= Milliseconds(0), "time runs forward");
  now_ += length;
  steady_ += length;
}

// --- files
// ---------------------------------------------------------------------------------------------------------

namespace {

std::string folder_prefix(const std::string& path) {
  return path.ends_with('/') ? path : path + "/";
}

bool has_hidden_part(std::string_view below) {
  const std::vector<std::string_view> parts = split(below, '/');
  return std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return part.starts_with('.'); });
}

tl::unexpected<Error> path_error(const std::string& path, std::string_view reason) {
  return fail(Trouble::usage, escape(path) + ": " + std::string(reason));
}

}  // namespace

Result<std::string> MemoryFiles::read(const std::string& path, std::size_t limit) {
  ++reads;
  std::string text;
  if (path == "-") {
    text = standard_input.value_or("");
    standard_input.reset();
  } else if (unreadable.contains(path)) {
    return path_error(path, "permission denied");
  } else if (is_folder(path)) {
    return path_error(path, "is a folder, not a file");
  } else if (!texts.contains(path)) {
    return path_error(path, "no such file or folder");
  } else {
    text = texts.at(path);
  }
  if (text.size() <= limit) return text;
  return path_error(path == "-" ? "standard input" : path,
                    "larger than " + plural(limit, "byte") + ", the most that is read");
}

Result<void> MemoryFiles::write_atomically(const std::string& path, std::string_view text) {
  if (is_folder(path)) return path_error(path, "is a folder, not a file");
  if (full_disk) {
    return fail(Trouble::failure, escape(path) + ": could not be written: no space left on the device");
  }
  texts[path] = text;
  writes.push_back(path);
  return {};
}

namespace {

class MemoryAppendFile : public AppendFile {
 public:
  MemoryAppendFile(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)) {}
  Result<void> append(std::string_view text) override {
    const std::size_t fits = std::min(text.size(), files_.room);
    files_.unsynced[path_] += text.substr(0, fits);
    files_.room -= fits;
    if (fits == text.size()) return {};
    return fail(Trouble::failure, escape(path_) + ": could not be written: no space left on the device");
  }
  Result<void> sync() override {
    files_.texts[path_] += files_.unsynced[path_];
    files_.unsynced.erase(path_);
    return {};
  }

 private:
  MemoryFiles& files_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<AppendFile>> MemoryFiles::open_append(const std::string& path,
                                                             std::string_view begins) {
  if (is_folder(path)) return path_error(path, "is a folder, not a file");
  if (full_disk) {
    return fail(Trouble::failure, escape(path) + ": could not be written: no space left on the device");
  }
  std::string& text = texts[path];
  if (begins.starts_with(text)) text.clear();
  if (!text.empty() && !text.starts_with(begins)) return path_error(path, "holds something else");
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return std::make_unique<MemoryAppendFile>(*this, path);
}

Result<std::vector<std::string>> MemoryFiles::find(const std::string& path, std::size_t limit,
                                                   const std::vector<std::string_view>& endings,
                                                   const std::string& what) {
  if (path == "-" || texts.contains(path)) return std::vector<std::string>{path};
  if (!is_folder(path)) return path_error(path, "no such file or folder");
  const std::string prefix = folder_prefix(path);
  for (const std::string& closed : unreadable) {
    const bool is_below = closed == path || closed.starts_with(prefix);
    if (is_below && is_folder(closed)) return path_error(closed, "permission denied");
  }
  std::vector<std::string> found;
  for (const auto& entry : texts) {
    const std::string& file = entry.first;
    if (!file.starts_with(prefix) || has_hidden_part(std::string_view(file).substr(prefix.size()))) continue;
    const bool is_sought = std::any_of(endings.begin(), endings.end(),
                                       [&](std::string_view ending) { return file.ends_with(ending); });
    if (is_sought) found.push_back(file);
  }
  if (found.size() <= limit) return found;
  std::vector<std::string> patterns;
  for (const std::string_view ending : endings) patterns.push_back("*" + std::string(ending));
  return path_error(path, "holds more than " + plural(limit, what) + " (" + join(patterns, ", ") +
                              "), the most that is read");
}

Result<std::vector<std::string>> MemoryFiles::find_manifests(const std::string& path, std::size_t limit) {
  return find(path, limit, {".yaml", ".yml"}, "manifest");
}

Result<std::vector<std::string>> MemoryFiles::find_snapshots(const std::string& path, std::size_t limit) {
  return find(path, limit, {".json"}, "snapshot");
}

bool MemoryFiles::is_folder(const std::string& path) {
  const std::string prefix = folder_prefix(path);
  if (folders.contains(path)) return true;
  const auto first_below = texts.lower_bound(prefix);
  return first_below != texts.end() && first_below->first.starts_with(prefix);
}

Result<std::vector<std::string>> MemoryFiles::names_in(const std::string& folder) {
  if (!is_folder(folder)) return path_error(folder, "no such file or folder");
  const std::string prefix = folder_prefix(folder);
  std::set<std::string> names;
  const auto add = [&](const std::string& path) {
    if (path.size() > prefix.size() && path.starts_with(prefix))
      names.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
  };
  for (const auto& [path, text] : texts) add(path);
  for (const std::string& path : folders) add(path);
  return std::vector<std::string>(names.begin(), names.end());
}

bool MemoryFiles::exists(const std::string& path) {
  return texts.contains(path) || is_folder(path);
}

Result<void> MemoryFiles::make_folder(const std::string& path) {
  if (texts.contains(path)) return path_error(path, "is no folder");
  folders.insert(path);
  return {};
}

// --- the small doors
// -----------------------------------------------------------------------------------------------

std::optional<std::string> FakeEnvironment::get(const std::string& name) {
  const auto found = variables.find(name);
  if (found == variables.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> FakeEnvironment::names(std::string_view prefix) {
  std::vector<std::string> found;
  for (const auto& [name, value] : variables) {
    if (name.starts_with(prefix)) found.push_back(name);
  }
  return found;
}

std::uint64_t SeededRandom::next() {
  // SplitMix64: the state walks by the odd number nearest to 2^64 divided by the golden ratio, then it is
  // mixed.
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

std::optional<std::string> FakeTerminal::ask(std::string_view question) {
  questions.emplace_back(question);
  err_text += question;
  if (answers.empty()) return std::nullopt;
  std::string answer = std::move(answers.front());
  answers.pop_front();
  return answer;
}

Result<void> FakeTerminal::finish() {
  finished = true;
  if (finish_error.has_value()) return fail(*finish_error);
  return {};
}

bool FakeInterrupt::requested() {
  return at_.has_value() && *at_ <= clock_.steady();
}

void CapturedLog::configure(LogLevel new_level, LogFormat new_format) {
  level = new_level;
  format = new_format;
}

void CapturedLog::write(LogLevel entry_level, std::string_view event, const std::vector<LogField>& fields) {
  if (wants(entry_level)) entries.push_back({entry_level, std::string(event), fields});
}

std::string CapturedLog::text() const {
  std::string lines;
  for (const Entry& entry : entries) {
    lines += entry.event;
    for (const LogField& field : entry.fields) lines += " " + field.name + "=" + field.value;
    lines += '\n';
  }
  return lines;
}

}  // namespace zonepin
