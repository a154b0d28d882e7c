#include <doctest/doctest.h>

#include "child.h"
#include "platform/stderr_log.h"

namespace zonepin {

TEST_CASE("log: every value is escaped, and quoted where it needs to be") {
  struct Row {
    const char* value;
    const char* text;
    const char* json;
  };
  const Row rows[] = {
      {"plain", "plain", R"("plain")"},
      {"", "\"\"", R"("")"},
      {"two words", "\"two words\"", R"("two words")"},
      {"a=b", "\"a=b\"", R"("a=b")"},
      {"say \"no\"", R"("say \"no\"")", R"("say \"no\"")"},
      {"new\nline", R"(new\nline)", "\"new\\u000aline\""},
      {"\x1b[31mred", R"(\x1b[31mred)", "\"\\u001b[31mred\""},
      {"back\\slash", R"(back\\slash)", R"("back\\slash")"},
      {"\u202eright", R"(\u202eright)", "\"\\u202eright\""},
      {"\xff", R"(\xff)", R"("\ufffd")"},
      {"\xe2\x82", R"(\xe2\x82)", R"("\ufffd\ufffd")"},
      {"größe €", "\"größe €\"", "\"größe €\""},
      {"\U0001f600", "\U0001f600", "\"\U0001f600\""},
      {"\U000e0001", nullptr, "\"\\udb40\\udc01\""},  // an invisible tag beyond the basic plane
      {"{} %v", "\"{} %v\"", R"("{} %v")"},           // no format of any library
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.value));
    if (row.text != nullptr)
      CHECK(log_text("event", {{"name", row.value}}) == std::string("event name=") + row.text);
    CHECK(log_json("event", {{"name", row.value}}) ==
          std::string("\"event\":\"event\",\"name\":") + row.json);
  }
}

TEST_CASE("log: lines on standard error, from the level on that was asked for") {
  const auto write_all = [](Log& log) {
    log.write(LogLevel::debug, "hidden", {});
    log.write(LogLevel::info, "request {}", {{"status", "200"}});
    log.write(LogLevel::error, "broken", {});
  };
  const ChildResult text = run_child([&] {
    StderrLog log;
    log.configure(LogLevel::info, LogFormat::text);
    write_all(log);
    return 0;
  });
  CHECK(text.out.empty());
  REQUIRE(text.err.size() > 24);
  CHECK(text.err.substr(10, 1) == "T");
  CHECK(text.err.substr(23, 1) == "Z");
  CHECK(text.err.substr(24, text.err.find('\n') - 24) == " info request {} status=200");
  CHECK(text.err.find("hidden") == std::string::npos);
  CHECK(text.err.ends_with(" error broken\n"));

  const ChildResult json = run_child([&] {
    StderrLog log;
    log.configure(LogLevel::error, LogFormat::json);
    write_all(log);
    return 0;
  });
  CHECK(json.err.starts_with("{\"time\":\"20"));
  CHECK(json.err.ends_with("Z\",\"level\":\"error\",\"event\":\"broken\"}\n"));
  CHECK(json.err.find("request") == std::string::npos);

  const ChildResult off = run_child([&] {
    StderrLog log;
    log.configure(LogLevel::off, LogFormat::text);
    write_all(log);
    return log.wants(LogLevel::error) || log.wants(LogLevel::off) ? 1 : 0;
  });
  CHECK(off.err.empty());
  CHECK(off.exit_code == 0);
}

}  // namespace zonepin
