# Runs the programs that were just built and writes what they say of themselves into OUT.
# Takes ZONEPIN, ZONEPIN_SIM, VERSION, GZIP, OUT.
cmake_minimum_required(VERSION 3.22)

function(run out)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text RESULT_VARIABLE code ERROR_VARIABLE error)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${code}\n${error}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

foreach(shell IN ITEMS bash zsh fish)
  run(script "${ZONEPIN}" completion ${shell})
  file(WRITE "${OUT}/zonepin.${shell}" "${script}")
endforeach()

run(ignored "${ZONEPIN}" man-pages "${OUT}/man1")

# The simulator's page is its help, as it is.
run(help "${ZONEPIN_SIM}" --help)
string(REPLACE "\\" "\\e" help "${help}")
string(REPLACE "-" "\\-" help "${help}")
string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" help "${help}")
file(WRITE "${OUT}/man1/zonepin-sim.1"
  ".TH ZONEPIN\\-SIM 1 \"\" \"zonepin ${VERSION}\" \"zonepin manual\"\n"
  ".SH NAME\nzonepin\\-sim \\- an Okta org on this machine, to test against\n"
  ".SH DESCRIPTION\n.nf\n${help}.fi\n.SH SEE ALSO\n\\fBzonepin\\fR(1)\n")

file(GLOB pages "${OUT}/man1/*.1")
run(ignored "${GZIP}" -9 -n ${pages})
