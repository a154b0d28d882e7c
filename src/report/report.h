// A report: what a run found or did, ready to be said in any format (report/format.h). A plain value, made by
// builders from a plan, an outcome or the results of `check`; a renderer asks nobody else.
//
// Texts in it come from outside and are untrusted. Names, ids, hosts, owners and paths are raw; messages and
// details are sentences of ours whose names were escaped by in_quotes() or escape(). A renderer makes both
// harmless in its own way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "plan/plan.h"

namespace zonepin {

enum class ReportKind {
  plan,
  drift,
  check,
  apply,
  validate,  // mistakes in manifests, or none
  failure,   // the run ended before it had anything to report: its items say why
};
std::string_view to_string(ReportKind kind);

// How much an item matters.
enum class ItemLevel { error, warning, note };
std::string_view to_string(ItemLevel level);

// What an item says of its subject.
enum class ItemState {
  fail,          // wrong as it is: a drift, a violation, a failed action, a guard that blocks
  unknown,       // an action was sent, and nobody could tell what became of it
  broken,        // could not be looked at at all: an org that was not read, a manifest with a mistake
  pending,       // an action that a plan wants
  not_reached,   // an action that was not sent
  not_reviewed,  // could not be judged
  waived,        // wrong, and accepted for a while
  told,          // to know, and no judgement: ignored, waiting, unmanaged where nobody minds
  done,          // an action that was carried out, or need not be any more
  pass,          // as it should be
};
std::string_view to_string(ItemState state);

// Whether a person has to read it: all but told, done and pass.
bool needs_attention(ItemState state);

// A fact beside the message: {"before", "ANYWHERE"}, {"lost", "203.0.113.0/24 (256 addresses)"}.
struct ItemDetail {
  std::string label;  // one or two words, lower case
  std::string text;

  bool operator==(const ItemDetail&) const = default;
};

struct ReportItem {
  std::string rule;  // a stable id, [a-z0-9_-]+, and a member of Report::rules
  ItemLevel level = ItemLevel::warning;
  ItemState state = ItemState::fail;
  std::string token_id{};  // empty: not about one live token
  std::string name{};      // of the token, else of the zone; may be empty
  std::string owner{};     // login or user id; empty: not known
  // Which thing it is about where that is no live token: a zone's id, the name that a manifest gives, the
  // name of a guard. With host, rule and token_id it is what the fingerprint is made of: nothing that changes
  // while the finding stays the same.
  std::string subject{};
  std::string message{};  // one sentence, without the token's name
  std::vector<ItemDetail> details{};
  std::string accepted{};            // of a waived one: until when and why, one sentence
  std::optional<SourceRef> place{};  // in a manifest
  std::uint32_t column = 0;          // of the place, in bytes from 1; 0: not known
  Novelty novelty = Novelty::none;

  bool operator==(const ReportItem&) const = default;
};

// What an id of a rule stands for.
struct ReportRule {
  std::string id;
  std::string title;  // a few words, for headings and lists
  std::string help;   // what it means and what to do about it, one or two sentences
  ItemLevel level = ItemLevel::warning;

  bool operator==(const ReportRule&) const = default;
};

// A part of a summary: 3 "to replace".
struct ReportCount {
  std::string words;
  std::size_t count = 0;
  std::string one{};  // the words for just one; empty: the same

  bool operator==(const ReportCount&) const = default;
};

struct ReportOrg {
  std::string host;  // empty: the run itself
  int exit_code = 0;
  std::vector<ReportCount> counts{};  // in the order of the summary line
  std::string remark{};               // a sentence beside the summary: "Apply is blocked."; may be empty
  std::optional<Error> error{};       // it could not be read, or its run ended early; an item says so, too
  std::vector<ReportItem> items{};    // those that matter most first

  bool operator==(const ReportOrg&) const = default;
};

struct Report {
  ReportKind kind = ReportKind::plan;
  Instant at{};
  std::string digest{};             // of the plan; empty: there is none
  std::string source_revision{};    // of the manifests, as the caller names it; empty: not said
  int exit_code = 0;                // of the run
  std::vector<ReportRule> rules{};  // of the items, in the order in which lists show them
  std::vector<ReportOrg> orgs{};    // by host

  bool operator==(const Report&) const = default;
};

// "Plan", "Drift", …
std::string_view title_of(ReportKind kind);

// The sum over all orgs, in the order of the first that has each.
std::vector<ReportCount> total_counts(const Report& report);
// `3 to replace, 1 to revoke`; what is 0 is left out, but not the first one.
std::string counts_text(const std::vector<ReportCount>& counts);

// How many items are in a state that needs attention, by level.
std::size_t count_attention(const ReportOrg& org, ItemLevel level);
std::size_t count_attention(const Report& report, ItemLevel level);

// Of each item of an org, 64 hexadecimal digits: the SHA-256 of host, rule, and token id or subject. Names,
// times, lines and places do not touch it. Two items of one org that would have the same get different ones,
// by their order.
std::vector<std::string> fingerprints_of(const ReportOrg& org);

// Index into Report::rules by id, or their number where it is none of them.
std::size_t rule_index(const Report& report, std::string_view id);

}  // namespace zonepin
