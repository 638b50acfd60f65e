#!/usr/bin/env bash
# Sets Discreet up in one go, and can be run again at any time: Debian packages, a virtual environment,
# pinned requirements (checked by hash), the program, and the model weights.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TXT'
usage: ./setup.sh [--dev] [--with whisperx|lab] [--no-weights] [--no-apt]
  --dev         what the tests, the checks and the benchmarks need, too
  --with whisperx  the recogniser WhisperX, in an environment of its own (8 GB, for it brings a torch of another version)
  --with lab    what training voice converters needs (`discreet lab`), in the same environment: torch, without a GPU
                the build for CPUs where pip offers one (1 GB, otherwise 5)
  --no-weights  do not fetch model weights (later: discreet weights fetch)
  --no-apt      do not install Debian packages; only say which are missing
environment: DISCREET_VENV (default .venv), DISCREET_PYTHON (default: the first of python3.11 ... python3)
TXT
}

dev=0 weights=1 apt=1 with="" expected=""
for argument in "$@"; do
  if [ -n "$expected" ]; then
    case "$argument" in whisperx | lab) with+=" $argument" ;; *) usage >&2; exit 2 ;; esac
    expected=""
    continue
  fi
  case "$argument" in
    --dev) dev=1 ;;
    --with) expected=yes ;;
    --with=whisperx | --with=lab) with+=" ${argument#--with=}" ;;
    --no-weights) weights=0 ;;
    --no-apt) apt=0 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[ -z "$expected" ] || { usage >&2; exit 2; }
venv=${DISCREET_VENV:-.venv}
say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Python: 3.11 first, since most wheels exist for it.
python=${DISCREET_PYTHON:-}
if [ -z "$python" ]; then
  for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
fi
[ -n "$python" ] || fail "Python 3.11, 3.12 or 3.13 is needed; on Debian: apt-get install python3 python3-venv"

# Debian packages, only those that are missing and only where there is apt. PortAudio is for microphones and tkinter for
# the preview's window alone, so a machine on which they cannot be installed still gets everything else. The tests record
# from a PulseAudio of their own, open a window on a screen in memory and pages in Chromium; without these packages those few are skipped.
installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
needed=() wanted=()
"$python" -c 'import ensurepip' 2>/dev/null || needed+=(python3-venv)
if command -v dpkg-query >/dev/null 2>&1; then
  installed ca-certificates || needed+=(ca-certificates)
  wanted=(libportaudio2)
  "$python" -c 'import tkinter' 2>/dev/null || wanted+=(python3-tk)
  [ "$dev" = 0 ] || wanted+=(xvfb chromium)
  # Never beside PipeWire: two sound servers on somebody's desktop would be in each other's way.
  [ "$dev" = 0 ] || command -v pipewire >/dev/null 2>&1 || wanted+=(pulseaudio pulseaudio-utils libasound2-plugins)
  for i in "${!wanted[@]}"; do ! installed "${wanted[i]}" || unset "wanted[i]"; done
fi
if [ $((${#needed[@]} + ${#wanted[@]})) -gt 0 ]; then
  as_root="" can=$apt
  command -v apt-get >/dev/null 2>&1 || can=0
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null 2>&1; then as_root=sudo; else can=0; fi
  fi
  if [ "$can" = 1 ]; then
    say "Debian packages: ${needed[*]} ${wanted[*]}"
    if ! { $as_root apt-get update -qq &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${needed[@]}" "${wanted[@]}"; } >/dev/null; then
      [ ${#needed[@]} = 0 ] || fail "could not install: ${needed[*]}"
      say "could not install ${wanted[*]}: recordings can be made safe, but libportaudio2 is what microphones need"
    fi
  else
    [ ${#needed[@]} = 0 ] || fail "missing packages; as root: apt-get install ${needed[*]}"
    say "missing: ${wanted[*]}; live recording needs libportaudio2 (as root: apt-get install ${wanted[*]})"
  fi
fi

if [ ! -x "$venv/bin/python" ]; then
  say "virtual environment $venv ($("$python" --version))"
  "$python" -m venv "$venv"
fi

requirements=requirements.txt
[ "$dev" = 0 ] || requirements=requirements-dev.txt
# The stamp makes a second run quick: nothing is installed again while neither file has changed.
digest='import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])'
stamp="$venv/.discreet-$(cat "$requirements" pyproject.toml | "$python" -c "$digest")"
if [ ! -e "$stamp" ]; then
  say "requirements ($requirements)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  touch "$stamp"
fi

# WhisperX is pinned with everything it brings: unpinned, pip falls back to an old version without a word.
if [[ " $with " == *" whisperx "* ]]; then
  own="$venv-whisperx"
  stamp="$own/.discreet-$("$python" -c "$digest" < requirements-whisperx.txt)"
  if [ ! -e "$stamp" ]; then
    say "WhisperX in $own (some gigabytes)"
    [ -x "$own/bin/python" ] || "$python" -m venv "$own"
    "$own/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-whisperx.txt
    touch "$stamp"
  fi
  say "WhisperX also needs a wav2vec2 model to place words: see docs/how-to/models.md"
fi

# The lab's torch must not change what is pinned. Wheels named +cpu are far smaller, but not every index has them.
if [[ " $with " == *" lab "* ]]; then
  stamp="$venv/.discreet-lab-$("$python" -c "$digest" < pyproject.toml)"
  if [ ! -e "$stamp" ]; then
    say "the voice lab: torch and what it is trained with"
    torch=2.13.0
    constraints=$(mktemp)
    sed -E 's/ *\\$//; /^ *--hash/d' requirements.txt > "$constraints"
    install=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c "$constraints")
    command -v nvidia-smi >/dev/null 2>&1 || "${install[@]}" "torch==$torch+cpu" 2>/dev/null ||
      say "no torch $torch for CPUs alone is offered here: taking the usual one"
    "${install[@]}" -e ".[lab]"
    rm -f "$constraints"
    touch "$stamp"
  fi
fi

if [ "$weights" = 1 ]; then
  say "model weights"
  "$venv/bin/discreet" weights fetch --profile embedded --profile demo --optional
fi
say "ready: $venv/bin/discreet --help"
