#include "cli/option_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "manifest/scalar_text.h"
#include "model/desired.h"

namespace zonepin {

namespace {

constexpr std::int64_t kMaxDays = 3'660;

// `90`, `90s`, `10m`, `2h`, `7d`, or ISO 8601.
std::optional<Duration> parse_length(const std::string& text) {
  if (!text.empty() && text.front() == 'P') return parse_duration(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0 || number > kMaxDays * 86'400) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty() || unit == "s") return Duration{0, 0, number};
  if (unit == "m") return Duration{0, 0, number * 60};
  if (unit == "h") return Duration{0, 0, number * 3'600};
  if (unit == "d" && number <= kMaxDays) return Duration{0, number, 0};
  return std::nullopt;
}

Milliseconds length_of(const Duration& duration) {
  // Years and months are refused before: a day has 24 hours here.
  return std::chrono::duration_cast<Milliseconds>(
      std::chrono::seconds(duration.days * 86'400 + duration.seconds));
}

Result<AckFlag> parse_ack(const std::string& text) {
  const std::size_t colon = text.find(':');
  AckFlag ack{text.substr(0, colon), colon == std::string::npos ? std::string() : text.substr(colon + 1)};
  if (!is_guard_name(ack.guard)) {
    const std::vector<std::string_view> known(kGuardNames.begin(), kGuardNames.end());
    std::string mend = ack.guard == "allow-revoke" ? "revokes are allowed with --allow-revoke"
                                                   : did_you_mean(ack.guard, known);
    if (mend.empty()) mend = "guards are " + join({kGuardNames.begin(), kGuardNames.end()}, ", ");
    return fail(Trouble::usage, "--ack: no guard is named " + in_quotes(ack.guard), mend);
  }
  if (colon != std::string::npos && !is_token_id(ack.token_id)) {
    return fail(Trouble::usage, "--ack: " + in_quotes(ack.token_id) + " is no token id",
                "write --ack " + ack.guard + ":TOKEN_ID");
  }
  return ack;
}

LogLevel log_level_of(const std::string& word) {
  static const std::map<std::string, LogLevel> levels = {
      {"trace", LogLevel::trace},     {"debug", LogLevel::debug}, {"info", LogLevel::info},
      {"warning", LogLevel::warning}, {"error", LogLevel::error}, {"off", LogLevel::off}};
  return levels.at(word);
}

Result<void> check_export(const Options& options) {
  const std::size_t targets = static_cast<std::size_t>(!options.out_file.empty()) +
                              static_cast<std::size_t>(!options.split_folder.empty()) +
                              static_cast<std::size_t>(!options.append_file.empty());
  if (targets > 1) {
    return fail(Trouble::usage, "export writes to one place: --out, --split or --append",
                "leave the others out");
  }
  if (!options.paths.empty() && !options.unmanaged_only) {
    return fail(Trouble::usage,
                "export reads " + in_quotes(options.paths.front()) + " only with --unmanaged-only",
                "add --unmanaged-only, or name the file to write with --out");
  }
  if (options.as_revoked && !options.unmanaged_only) {
    return fail(Trouble::usage, "--state revoked is for tokens that nobody speaks of",
                "add --unmanaged-only and the manifests that speak of the others");
  }
  if (options.group_rules && options.as_revoked) {
    return fail(Trouble::usage, "revocations are reviewed one by one: --group-rules finds no rules for them",
                "leave --group-rules or --state out");
  }
  if (options.group_rules && !options.append_file.empty())
    return fail(Trouble::usage, "--append adds entries, not rules", "leave --group-rules or --append out");
  return {};
}

// Each id once, in the order given: one that is named twice is no conflict of two wishes.
void unite_ids(std::vector<std::string>& ids) {
  std::set<std::string> seen;
  ids.erase(
      std::remove_if(ids.begin(), ids.end(), [&](const std::string& id) { return !seen.insert(id).second; }),
      ids.end());
}

// A person names the tokens, and so answers for how many they are and whether they are in use.
void take_order(Options& options) {
  unite_ids(options.ids);
  options.reason = std::string(trim(options.reason));
  options.policy.named_by_person = true;
  options.policy.allow_revoke = options.command == Command::revoke;
}

// It makes no report: there is one line to say.
Result<void> check_current(const Options& options) {
  const bool other_format = options.format != Format::text && options.format != Format::json;
  if (!other_format && options.outputs.empty()) return {};
  return fail(Trouble::usage,
              "revoke --current makes no report: its --format is text or json, and it has no --output",
              "leave them out");
}

Result<void> check_order(const Options& options) {
  for (const std::string& id : options.ids) {
    if (is_token_id(id)) continue;
    return fail(Trouble::usage, in_quotes(id) + " is no token id, and names are not taken here",
                "`zonepin list tokens` shows the ids");
  }
  if (!options.reason.empty() && !is_writable_text(options.reason))
    return fail(Trouble::usage, "--reason is too long, or no UTF-8", "name a ticket");
  if (options.command == Command::fence) {
    if (!trim(options.zone).empty()) return {};
    return fail(Trouble::usage, "--zone is empty", "`zonepin list zones` shows what a token can use");
  }
  if (options.current) {
    if (options.ids.empty() && options.reason.empty() && options.emit_file.empty() &&
        options.policy.acks.empty())
      return check_current(options);
    return fail(Trouble::usage,
                "revoke --current speaks of the token in use alone: ids, --reason, --emit and --ack are for "
                "others",
                "leave --current out, or them");
  }
  if (options.ids.empty()) {
    return fail(Trouble::usage, "revoke wants ids of tokens, or --current for the token in use",
                "for instance `zonepin revoke 00Tabcdefg1234567890 --reason SEC-123`");
  }
  if (options.reason.empty())
    return fail(Trouble::usage, "nothing is revoked without a reason", "add --reason, for instance a ticket");
  return {};
}

// Two names of one file are told apart by what they say, not by what the file system makes of them.
std::string_view without_dot(std::string_view path) {
  while (path.size() > 2 && path.substr(0, 2) == "./") path.remove_prefix(2);
  return path;
}

Result<OutputFile> parse_output(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const auto format = parse_format(name);
  if (!format) {
    const std::vector<std::string> names = format_names();
    const std::string hint = did_you_mean(name, {names.begin(), names.end()});
    return fail(Trouble::usage,
                "--output wants FORMAT=PATH with one of " + join(names, ", ") + ", not " + in_quotes(text) +
                    (hint.empty() ? "" : "; " + hint),
                "for instance --output html=report.html");
  }
  const std::string path = equals == std::string::npos ? std::string() : text.substr(equals + 1);
  if (path.empty() || path == "-") {
    return fail(Trouble::usage, "--output " + escape(text) + " names no file",
                "standard output is what --format is for");
  }
  return OutputFile{*format, path};
}

Result<void> take_outputs(const RawOptions& raw, Options& options) {
  for (const std::string& text : raw.outputs) {
    auto output = parse_output(text);
    if (!output) return fail(output.error());
    const auto is_same = [&](const std::string& path) {
      return without_dot(path) == without_dot(output->path);
    };
    const bool twice = is_same(options.out_file) || is_same(options.metrics_file) ||
                       std::any_of(options.outputs.begin(), options.outputs.end(),
                                   [&](const OutputFile& other) { return is_same(other.path); });
    if (twice) {
      return fail(Trouble::usage, escape(output->path) + " would be written twice",
                  "give each --output a path of its own");
    }
    options.outputs.push_back(std::move(*output));
  }
  return {};
}

Result<void> take_selection(const RawOptions& raw, Selection& selection) {
  for (const std::string& glob : selection.only) {
    if (auto checked = check_only(glob); !checked) return fail(checked.error());
  }
  if (!raw.shard) return {};
  selection.shard = parse_shard(*raw.shard);
  if (selection.shard) return {};
  return fail(Trouble::usage,
              "--shard wants K/N with 1 <= K <= N <= " + std::to_string(kMaxShards) + ", not " +
                  in_quotes(*raw.shard),
              "the second of four parts is 2/4");
}

}  // namespace

std::string check_length(const std::string& text) {
  const auto length = parse_length(text);
  if (length && *length != Duration{}) return {};
  return "wants a length of time such as 90s, 10m, 2h, 7d or PT10M, not " + in_quotes(text);
}

bool makes_report(Command command) {
  constexpr std::array<Command, 8> kReporting = {Command::plan,  Command::apply,    Command::drift,
                                                 Command::check, Command::validate, Command::revoke,
                                                 Command::fence, Command::show};
  return std::find(kReporting.begin(), kReporting.end(), command) != kReporting.end();
}

Result<void> take_over(const RawOptions& raw, Options& options) {
  options.format = parse_format(raw.format).value_or(Format::text);
  if (auto taken = take_outputs(raw, options); !taken) return fail(taken.error());
  options.color = raw.color == "always"  ? ColorMode::always
                  : raw.color == "never" ? ColorMode::never
                                         : ColorMode::automatic;
  options.log_level = log_level_of(raw.log_level);
  options.log_format = raw.log_format == "json" ? LogFormat::json : LogFormat::text;
  if (!raw.timeout.empty()) {
    const auto timeout = parse_length(raw.timeout);
    if (timeout->months != 0)
      return fail(Trouble::usage, "--timeout: months and years have no fixed length", "write days or hours");
    options.timeout = length_of(*timeout);
  }
  options.plan_ttl = *parse_length(raw.plan_ttl);
  if (!raw.only_cause.empty()) options.policy.only_cause = parse_cause(raw.only_cause);
  options.export_key = raw.export_key == "id"     ? EntryKey::id
                       : raw.export_key == "name" ? EntryKey::name
                                                  : EntryKey::automatic;
  options.as_revoked = raw.state == "revoked";
  if (auto taken = take_selection(raw, options.selection); !taken) return fail(taken.error());
  for (const std::string& text : raw.acks) {
    auto ack = parse_ack(text);
    if (!ack) return fail(ack.error());
    options.policy.acks.push_back(std::move(*ack));
  }
  if (options.command == Command::revoke || options.command == Command::fence) take_order(options);
  return {};
}

Result<void> check_together(const Options& options) {
  if (options.command == Command::get && !is_token_id(options.subject)) {
    return fail(Trouble::usage, in_quotes(options.subject) + " is no token id",
                "ids are letters and digits, such as 00Tabcdefg1234567890; see `zonepin list tokens`");
  }
  if (options.command == Command::apply && !options.live_file.empty()) {
    return fail(Trouble::usage, "apply can't work on a snapshot: --live is for plan and drift",
                "leave --live out");
  }
  const bool takes_plan = options.command == Command::apply || options.command == Command::can_i;
  if (takes_plan && !options.plan_file.empty() && !options.paths.empty()) {
    return fail(Trouble::usage,
                std::string(options.command == Command::apply ? "apply" : "can-i") +
                    " takes either --plan FILE or manifests, not both",
                "leave one of them out");
  }
  if (options.command == Command::export_manifests) return check_export(options);
  if (options.command == Command::revoke || options.command == Command::fence) return check_order(options);
  if (options.policy.only_cause && options.base_dir.empty()) {
    return fail(Trouble::usage,
                "--only-cause tells what a change causes, and nothing says what was before it",
                "add --base DIR with the manifests before the change");
  }
  if (!options.plan_file.empty() && !(options.approved_file.empty() && options.base_dir.empty())) {
    return fail(Trouble::usage,
                "apply --plan carries a saved plan out as it is: --approved and --base are for manifests",
                "leave --plan out, or the others");
  }
  return {};
}

}  // namespace zonepin
