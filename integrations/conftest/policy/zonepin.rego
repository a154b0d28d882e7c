# Policies over a plan (`zonepin plan --format json`, or a saved plan file), for conftest or opa. They are examples: change
# them to what your organisation wants. `deny` fails, `warn` tells.
#
#   zonepin plan manifests --format json | conftest test --policy integrations/conftest/policy -
package main

import future.keywords.contains
import future.keywords.if
import future.keywords.in

# More than this many revokes in one plan want a change of their own.
max_revokes := 5

# Who may be let in from wherever they call: names that start so.
may_be_anywhere := {"public-"}

actions contains change if {
	some change in input.resource_changes
	not "no-op" in change.change.actions
}

revokes contains change if {
	some change in actions
	"delete" in change.change.actions
}

named(change) := sprintf("%s at %s (%s)", [change.name, change.org, change.id])

# Every token ends in a zone.
deny contains message if {
	some change in actions
	change.change.after.network.connection == "ANYWHERE"
	not excepted(change.name)
	message := sprintf("%s would be usable from anywhere", [named(change)])
}

excepted(name) if {
	some prefix in may_be_anywhere
	startswith(name, prefix)
}

# A condition that only excludes zones lets the rest of the world in.
deny contains message if {
	some change in actions
	count(change.change.after.network.exclude) > 0
	message := sprintf("%s would be usable from all but some zones: name the zones it is used from", [named(change)])
}

# The reserved words mean whatever zones there will be.
deny contains message if {
	some change in actions
	some word in change.change.after.network.include
	word in {"ALL_ZONES", "ALL_IP_ZONES"}
	message := sprintf("%s would be usable from %s", [named(change), word])
}

deny contains message if {
	count(revokes) > max_revokes
	message := sprintf("%d tokens would be revoked at once; at most %d may be", [count(revokes), max_revokes])
}

# A plan that could not read an org says nothing about it.
deny contains message if {
	some org in input.orgs
	org.error
	message := sprintf("%s could not be read: %s", [org.host, org.error.message])
}

warn contains message if {
	some change in actions
	change.effect in {"loosen", "unknown"}
	message := sprintf("%s: effect %s", [named(change), change.effect])
}

warn contains message if {
	unmanaged := [change | some change in input.resource_changes; change.status == "unmanaged"]
	count(unmanaged) > 0
	message := sprintf("%d live tokens are in no manifest", [count(unmanaged)])
}
