// The command that takes an existing org over: live to manifests.
#include <algorithm>
#include <utility>

#include "adopt/adopt.h"
#include "base/text.h"
#include "cli/commands/commands.h"
#include "cli/exit_code.h"
#include "cli/exporting.h"
#include "cli/org_book.h"
#include "manifest/append.h"
#include "manifest/decode.h"
#include "manifest/limits.h"
#include "manifest/write.h"
#include "report/export_report.h"

namespace zonepin {

namespace {

// A manifest that is to be written, and what it speaks of.
struct NewFile {
  std::string path;  // empty: standard output
  std::string text;
};

// Files are written only when all of them can be: none is there already, but for one with the same bytes.
Result<void> write_new(Stage& stage, const std::vector<NewFile>& files) {
  for (const NewFile& file : files) {
    if (!stage.world().files.exists(file.path)) continue;
    const auto there = stage.world().files.read(file.path, kMaxManifestBytes);
    if (there && *there == file.text) continue;
    return fail(Trouble::usage, escape(file.path) + " is there already, and says something else",
                "export to another place, or add what it lacks with --append " + escape(file.path));
  }
  for (const NewFile& file : files) {
    if (stage.world().files.exists(file.path)) continue;
    if (auto written = stage.write(file.path, file.text); !written) return fail(written.error());
  }
  return {};
}

// `acme.okta.com.yaml`; what could mean something to a file system becomes _.
std::string file_name_of(const OrgAddress& org) {
  std::string name = org.authority();
  for (char& c : name) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!fine) c = '_';
  }
  return name + ".yaml";
}

class Export {
 public:
  Export(Stage& stage, Exporting exporting)
      : stage_(stage), options_(stage.options()), exporting_(std::move(exporting)) {}

  int run() {
    for (const ExportedOrg& org : exporting_.orgs) adopted_.push_back(adopt(org.live, wishes_for(org)));
    auto done = options_.append_file.empty() ? write() : append();
    if (!done) return stage_.fail(done.error());
    tell();
    std::vector<int> codes = codes_of(exporting_.unread);
    codes.insert(codes.end(), exporting_.orgs.size(), kDone);
    return combine(codes);
  }

 private:
  AdoptWishes wishes_for(const ExportedOrg& org) const {
    AdoptWishes wishes;
    wishes.key = options_.export_key;
    wishes.wants = options_.as_revoked ? EntryWants::revocation : EntryWants::live;
    wishes.usage = options_.with_usage ? Usage::told : Usage::left_out;
    // Other documents of the org may pin the same zones in another way.
    wishes.pins = exporting_.managed || exporting_.appended ? Pins::left_out : Pins::written;
    wishes.as = options_.group_rules ? AdoptAs::rules : AdoptAs::entries;
    wishes.org = org_text(org.org);
    wishes.owners = org.owners;
    wishes.only = org.only;
    return wishes;
  }

  Result<void> write() {
    if (adopted_.empty()) return {};  // another shard has them
    std::vector<NewFile> files;
    if (!options_.split_folder.empty()) {
      for (std::size_t at = 0; at < adopted_.size(); ++at) {
        const std::string name = options_.split_folder + "/" + file_name_of(exporting_.orgs[at].org);
        files.push_back({name, write_document(adopted_[at].draft)});
        report_.orgs.push_back(entry_for(at, name));
      }
    } else {
      std::vector<Draft> drafts;
      for (std::size_t at = 0; at < adopted_.size(); ++at) {
        drafts.push_back(adopted_[at].draft);
        report_.orgs.push_back(entry_for(at, options_.out_file));
      }
      files.push_back({options_.out_file, write_documents(drafts)});
    }
    for (std::size_t at = 0; at < files.size(); ++at) {
      if (auto checked = check(files[at], at); !checked) return checked;
    }
    if (files.size() == 1 && files.front().path.empty()) {
      report_.manifest = std::move(files.front().text);
      return {};
    }
    if (!options_.split_folder.empty()) {
      if (auto made = stage_.world().files.make_folder(options_.split_folder); !made) return made;
    }
    return write_new(stage_, files);
  }

  // What was written says what was meant, read by the reader of every other command.
  Result<void> check(const NewFile& file, std::size_t at) const {
    const Manifests read = decode_manifests({{file.path, file.text}});
    std::vector<Document> wanted;
    for (std::size_t index = 0; index < adopted_.size(); ++index) {
      if (options_.split_folder.empty() || index == at) wanted.push_back(document_of(adopted_[index].draft));
    }
    std::string why = has_errors(read.diagnostics) ? ": " + read.diagnostics.front().summary : std::string();
    const bool same = std::equal(
        read.documents.begin(), read.documents.end(), wanted.begin(), wanted.end(),
        [](const Document& a, const Document& b) { return without_places(a) == without_places(b); });
    if (same && why.empty()) return {};
    return fail(Trouble::failure, "the exported manifest does not read as it was meant" + why,
                "nothing was written; please report this");
  }

  // Into the last document that speaks of the org by its name and owns no fence, else of the org alone.
  Result<std::optional<std::size_t>> document_for(const Loaded& loaded, const OrgAddress& org) {
    const auto which = documents_of(stage_, loaded, org);
    if (!which) return fail(which.error());
    std::optional<std::size_t> chosen;
    for (const std::size_t index : *which) {
      const Document& document = loaded.documents[index];
      const bool is_its_own = document.org || exporting_.orgs.size() == 1;
      if (is_its_own && !document.scope && !document.tokens.empty()) chosen = index;
    }
    return chosen;
  }

  Result<void> append() {
    const std::string& path = options_.append_file;
    Loaded loaded = std::move(*exporting_.appended);
    const std::string before = loaded.sources.front().text;
    for (std::size_t at = 0; at < adopted_.size(); ++at) {
      report_.orgs.push_back(entry_for(at, path));
      if (adopted_[at].tokens == 0) continue;
      const auto document = document_for(loaded, exporting_.orgs[at].org);
      if (!document) return fail(document.error());
      auto appended = append_entries(loaded.sources.front().text, *document, adopted_[at].draft);
      if (!appended) {
        return fail(
            Trouble::usage, escape(path) + " can't be extended without a change to what stands there",
            "export to a file of its own: leave --append out, and add --unmanaged-only " + escape(path));
      }
      loaded.sources.front().text = std::move(appended->text);
      loaded.documents = decode_manifests(loaded.sources).documents;
    }
    if (loaded.sources.front().text == before) return {};
    if (loaded.sources.front().text.size() > kMaxManifestBytes) {
      return fail(Trouble::usage, escape(path) + " would be larger than a manifest may be",
                  "export to another file");
    }
    return stage_.write(path, loaded.sources.front().text);
  }

  ExportReport::Org entry_for(std::size_t at, const std::string& path) const {
    const Adopted& adopted = adopted_[at];
    ExportReport::Org org;
    org.host = exporting_.orgs[at].live.host;
    org.file = path;
    org.live = exporting_.orgs[at].live.tokens.size();
    org.tokens = adopted.tokens;
    org.by_name = adopted.by_name;
    org.by_rule = adopted.ruled;
    org.by_id = adopted.tokens - adopted.by_name - adopted.ruled;
    org.ignored = adopted.ignored;
    return org;
  }

  void tell() {
    stage_.out(stage_.json() ? export_json(report_) : report_.manifest);
    for (const ExportReport::Org& org : report_.orgs) stage_.note(export_text(org));
  }

  Stage& stage_;
  const Options& options_;
  Exporting exporting_;
  std::vector<Adopted> adopted_;  // beside exporting_.orgs
  ExportReport report_;
};

}  // namespace

int export_command(Stage& stage) {
  auto exporting = read_for_export(stage);
  if (!exporting) return exporting.error();
  return Export(stage, std::move(*exporting)).run();
}

}  // namespace zonepin
