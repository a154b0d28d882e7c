#include "cli/stage.h"

#include <algorithm>

#include "base/text.h"
#include "cli/exit_code.h"
#include "report/diagnostics_json.h"

namespace zonepin {

namespace {

// NO_COLOR and TERM=dumb switch colours off, unless somebody asks for them (https://no-color.org).
bool wants_color(const Options& options, Environment& environment, bool is_terminal) {
  if (options.color != ColorMode::automatic) return options.color == ColorMode::always;
  const auto no_color = environment.get("NO_COLOR");
  if (no_color && !no_color->empty()) return false;
  return is_terminal && environment.get("TERM").value_or("") != "dumb";
}

// The letters that who looks at this can see. Where nobody said so it is UTF-8: a container or a CI job
// without a locale shows it, and what a person chose is C, POSIX or another encoding by name.
Charset charset_of(Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {  // The first that says something (POSIX, 8.2).
    const std::string locale = lowercase(environment.get(name).value_or(""));
    if (locale.empty()) continue;
    const bool is_utf8 =
        locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    return is_utf8 ? Charset::utf8 : Charset::ascii;
  }
  return Charset::utf8;
}

// CI services take `##[…]` as a command wherever it stands in a log. JSON holds two of these signs within a
// string alone, where one can be written otherwise.
std::string without_log_commands(std::string json) {
  for (std::size_t at = json.find("##"); at != std::string::npos; at = json.find("##", at))
    json.replace(at, 1, "\\u0023");
  return json;
}

}  // namespace

Stage::Stage(World& world, const Options& options) : world_(world), options_(options) {
  const std::size_t width = std::clamp<std::size_t>(world.terminal.width(), 40, 200);
  const Charset charset = charset_of(world.environment);
  const bool is_screen = world.terminal.out_is_terminal() || world.environment.get("COLUMNS");
  out_style_ = {wants_color(options, world.environment, world.terminal.out_is_terminal()), width, charset,
                is_screen ? 0 : kMaxPageWidth};
  err_style_ = {wants_color(options, world.environment, world.terminal.err_is_terminal()), width, charset};
  redraws_ = world.terminal.err_is_terminal() && world.environment.get("TERM").value_or("") != "dumb";
}

void Stage::status(std::string_view line) {
  if (!redraws_) return;
  if (line.empty() && status_columns_ == 0) return;
  // Spaces instead of an escape sequence: every terminal knows them.
  std::string text = in_charset(discreet(line), err_style_.charset);
  text.resize(bytes_within(text, err_style_.width - 1));
  const std::size_t columns = display_width(text);
  text.insert(text.begin(), '\r');
  if (columns < status_columns_) text.append(status_columns_ - columns, ' ');
  if (line.empty()) text += '\r';
  status_columns_ = columns;
  world_.terminal.err(text);
}

void Stage::event(std::string_view line) {
  if (!tells_events()) return;
  world_.terminal.out(discreet(line));
  world_.terminal.flush();
}

void Stage::note(std::string_view line) {
  status({});
  say(std::string(line) + "\n");
}

void Stage::say(std::string_view text) {
  world_.terminal.err(in_charset(discreet(text), err_style_.charset));
}

void Stage::warn(std::string_view line) {
  note("warning: " + std::string(line));
}

void Stage::out(std::string_view text) {
  status({});
  is_answered_ = true;
  world_.terminal.out(json() ? without_log_commands(discreet(text)) : discreet(text));
}

Result<void> Stage::write(const std::string& path, std::string_view text) {
  if (blotter_.finds_secret(text)) {
    return zonepin::fail(Trouble::failure,
                         escape(path) +
                             " was not written: a credential of this run stands in what Okta answered, "
                             "perhaps as the name of a token",
                         "change that in Okta: everybody who lists its tokens can read it there");
  }
  return world_.files.write_atomically(path, text);
}

int Stage::fail(const Error& error) {
  note("error: " + error.message + (error.mend.empty() ? "" : "; " + error.mend));
  errors_.push_back(error);
  return code_of(error.trouble);
}

namespace {

// Columns of a text in a file: as wide as a terminal that nobody has made narrow.
constexpr std::size_t kFileColumns = 100;

}  // namespace

RunFacts Stage::facts(int code) {
  return {world_.clock.now(), code, options_.source_revision};
}

int Stage::tell_files(const Telling& telling, int code) {
  is_told_ = true;
  std::optional<Report> report;
  for (const OutputFile& output : options_.outputs) {
    const auto made = [&] {
      if (!report) report = telling.report(facts(code));
      return render(output.format, *report, {false, kFileColumns});
    };
    const std::string text = output.format == Format::text && telling.text
                                 ? telling.text({false, kFileColumns})
                             : output.format == Format::json && telling.json ? telling.json()
                                                                             : made();
    const auto written = write(output.path, text);
    if (written) continue;
    const int failed = fail(written.error());
    if (code == kDone || code == kChanges) code = failed;
  }
  return code;
}

int Stage::tell(const Telling& telling, int code) {
  if (options_.format == Format::text && telling.text) {
    if (is_answered_) out("\n");  // What was told on the way, a plan, stands apart.
    out(telling.text(out_style_));
  } else if (options_.format == Format::json && telling.json) {
    out(telling.json());
  } else {
    out(render(options_.format, telling.report(facts(code)), out_style_));
  }
  return tell_files(telling, code);
}

int Stage::finish(int code) {
  if (refusal_.empty() && errors_.empty()) return code;
  Telling telling;
  telling.report = [&](const RunFacts& run) {
    return report_of_failure(refusal_, refused_sources_, errors_, run);
  };
  telling.json = [&] {
    return refusal_.empty() ? errors_json(errors_) : diagnostics_json(refusal_, refused_sources_);
  };
  if (options_.format != Format::text && !is_answered_) {
    out(options_.format == Format::json ? telling.json()
                                        : render(options_.format, telling.report(facts(code)), {}));
  }
  return is_told_ ? code : tell_files(telling, code);
}

int Stage::refuse(const Diagnostics& diagnostics, const Sources& sources, std::string_view what) {
  status({});
  say(render(diagnostics, sources, err_style_.charset));
  if (!has_errors(diagnostics)) return kDone;
  const auto errors = std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Severity::error;
  });
  note(plural(static_cast<std::size_t>(errors), "error") + ": mend " + std::string(what) +
       " and run it again");
  if (!text() || !options_.outputs.empty()) {
    refusal_ = diagnostics;
    refused_sources_ = sources;
  }
  return kInvalid;
}

Result<bool> Stage::confirm(std::string_view question) {
  if (!world_.terminal.can_ask()) {
    return zonepin::fail(Trouble::usage,
                         "nobody can be asked here: standard input or standard error is no terminal",
                         "add --auto-approve");
  }
  const auto answer = world_.terminal.ask(in_charset(question, err_style_.charset));
  if (!answer && world_.interrupt.requested())
    return zonepin::fail(Trouble::interrupted, "interrupted at the question; nothing was written");
  return answer && trim(*answer) == "yes";
}

}  // namespace zonepin
