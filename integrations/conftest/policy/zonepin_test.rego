package main

import future.keywords.if
import future.keywords.in

line(name, status, actions, network) := {
	"org": "acme.okta.com",
	"id": "00T1",
	"name": name,
	"status": status,
	"effect": "tighten",
	"change": {"actions": actions, "before": {}, "after": {"network": network}},
}

replaced(name, network) := line(name, "replace", ["update"], network)

revoke(number) := object.union(line(sprintf("old-%d", [number]), "revoke", ["delete"], {}), {"change": {"actions": ["delete"], "before": {}, "after": null}})

plan(changes) := {"orgs": [{"host": "acme.okta.com"}], "resource_changes": changes}

test_a_zone_is_fine if {
	given := plan([replaced("ci", {"connection": "ZONE", "include": ["nzo1"]})])
	count(deny) == 0 with input as given
	count(warn) == 0 with input as given
}

test_anywhere if {
	given := plan([replaced("ci", {"connection": "ANYWHERE"})])
	deny == {"ci at acme.okta.com (00T1) would be usable from anywhere"} with input as given
}

test_anywhere_with_an_exception if {
	count(deny) == 0 with input as plan([replaced("public-status", {"connection": "ANYWHERE"})])
}

test_what_is_so_already_is_no_matter if {
	count(deny) == 0 with input as plan([line("ci", "unchanged", ["no-op"], {"connection": "ANYWHERE"})])
}

test_exclude if {
	count(deny) == 1 with input as plan([replaced("ci", {"connection": "ZONE", "exclude": ["nzo1"]})])
}

test_reserved_words if {
	count(deny) == 1 with input as plan([replaced("ci", {"connection": "ZONE", "include": ["ALL_ZONES"]})])
}

test_revokes if {
	count(deny) == 0 with input as plan([revoke(n) | some n in numbers.range(1, 5)])
	count(deny) == 1 with input as plan([revoke(n) | some n in numbers.range(1, 6)])
}

test_an_org_that_was_not_read if {
	given := object.union(plan([]), {"orgs": [{"host": "acme.okta.com", "error": {"message": "HTTP 401"}}]})
	deny == {"acme.okta.com could not be read: HTTP 401"} with input as given
}

test_warnings if {
	loosened := object.union(replaced("ci", {"connection": "ZONE", "include": ["nzo1"]}), {"effect": "loosen"})
	count(warn) == 2 with input as plan([loosened, line("x", "unmanaged", ["no-op"], {})])
}
