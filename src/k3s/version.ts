import { coerce, compare, SemVer } from 'semver'
import { VersionError } from '../join/index.ts'
import type { Check } from '../report/index.ts'

/** A k3s version taken apart, e.g. `v1.33.4+k3s1`. */
export interface K3sVersion {
  /** As the release is tagged, with `v`. */
  readonly text: string
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** Release candidate, e.g. `rc2`; empty for a release. */
  readonly candidate: string
  /** The N of `+k3sN`: k3s's own releases of the same Kubernetes. */
  readonly build: number
}

const form = /^v?(\d+)\.(\d+)\.(\d+)(?:-(rc\d+))?\+k3s(\d+)$/

/** Reads `v1.33.4+k3s1`, with or without `v`; undefined for everything else. */
export function parseVersion(text: string): K3sVersion | undefined {
  const [, major, minor, patch, candidate = '', build] = form.exec(text.trim()) ?? []
  if (major === undefined) return undefined
  const numbers = { major: Number(major), minor: Number(minor), patch: Number(patch), build: Number(build) }
  const rc = candidate === '' ? '' : `-${candidate}`
  return { text: `v${numbers.major}.${numbers.minor}.${numbers.patch}${rc}+k3s${numbers.build}`, candidate, ...numbers }
}

/**
 * The version as a semver without build metadata, e.g. `1.33.4-k3s.1`. Semver ignores what follows `+`, so `+k3s1` and
 * `+k3s2` would be the same entry of a tool cache; a numeric pre-release part keeps them apart and in order.
 */
export function cacheVersion(version: K3sVersion): string {
  const { major, minor, patch, candidate, build } = version
  // `0rc` sorts before `k3s`, and its number is compared as a number.
  const rc = candidate === '' ? '' : `0rc.${Number(candidate.slice(2))}.`
  return `${major}.${minor}.${patch}-${rc}k3s.${build}`
}

/** Below 0: a is older. Throws RangeError when one is no k3s version. */
export function compareVersions(a: string, b: string): number {
  const encode = (text: string): SemVer => {
    const version = parseVersion(text)
    if (version === undefined)
      throw new RangeError(`${JSON.stringify(text)} is no k3s version: write it like v1.33.4+k3s1`)
    return new SemVer(cacheVersion(version))
  }
  return compare(encode(a), encode(b))
}

const channels = /^(stable|latest|testing|v?\d+(\.\d+)?)$/

/**
 * `match-server` or an exact version → the exact version. Throws VersionError naming the allowed form.
 * A channel is refused: it would mean another version on another day, on a host that nobody looked at in between.
 */
export function resolveVersion(wanted: string, serverVersion: string): string {
  const allowed = 'write `match-server`, or an exact version like v1.33.4+k3s1'
  if (wanted.trim() === 'match-server') {
    const server = parseVersion(serverVersion)
    if (server !== undefined) return server.text
    throw new VersionError(
      `the server's version ${JSON.stringify(serverVersion)} is no k3s version`,
      coerce(serverVersion) === null ? 'what answers is not k3s' : 'the server runs another distribution of Kubernetes',
      'check the kubeconfig, or set `distribution`',
    )
  }
  const exact = parseVersion(wanted)
  if (exact !== undefined) return exact.text
  if (channels.test(wanted.trim())) {
    throw new VersionError(
      `version ${JSON.stringify(wanted)} is a channel`,
      'a channel names another version tomorrow',
      allowed,
    )
  }
  const kubernetes = coerce(wanted)
  const hint =
    kubernetes !== null && !wanted.includes('+')
      ? `the +k3s suffix is missing, e.g. v${kubernetes.version}+k3s1`
      : 'it has no known form'
  throw new VersionError(`version ${JSON.stringify(wanted)} is no k3s version`, hint, allowed)
}

/**
 * First releases of 1.29 to 1.31 whose agents have the rights that flannel asks of servers from 1.32 on (January 2025).
 * Older ones stay without a pod network: `cannot list resource "nodes"`, missing subnet.env (k3s#11551, k3s#12819).
 */
const firstFitFor132: Readonly<Record<number, string>> = { 29: 'v1.29.13+k3s1', 30: 'v1.30.9+k3s1', 31: 'v1.31.5+k3s1' }

/** May an agent of `desired` join a server of `server`? Neither kubelet nor server complain about a bad pair, so this must. Pure. */
export function checkVersionPair(desired: string, server: string): Check {
  const id = 'k3s.version'
  const question = `Does an agent of ${desired} go with a server of ${server}?`
  const agentVersion = parseVersion(desired)
  const serverVersion = parseVersion(server)
  if (agentVersion === undefined || serverVersion === undefined) {
    const unknown = agentVersion === undefined ? desired : server
    return {
      id,
      verdict: 'error',
      question,
      found: `${JSON.stringify(unknown)} is no k3s version`,
      cause: 'the two cannot be compared',
      remedy: 'write versions like v1.33.4+k3s1; check that the server is k3s',
    }
  }
  const order = compareVersions(desired, server)
  const sameAsServer = `use version: match-server (${serverVersion.text})`
  if (order === 0) return { id, verdict: 'pass', question, found: 'the same version' }
  if (order > 0) {
    return {
      id,
      verdict: 'fail',
      question,
      found: `the agent is newer than the server`,
      cause: 'a kubelet newer than its API server is not supported, and nothing would complain until something breaks',
      remedy: `${sameAsServer}, or upgrade the servers first`,
    }
  }
  const behind = (serverVersion.major - agentVersion.major) * 100 + serverVersion.minor - agentVersion.minor
  if (behind > 3) {
    return {
      id,
      verdict: 'fail',
      question,
      found: `the agent is ${behind} minor versions older than the server`,
      cause: 'a kubelet may be at most 3 minor versions older than its API server',
      remedy: sameAsServer,
    }
  }
  const firstFit = agentVersion.major === 1 ? firstFitFor132[agentVersion.minor] : undefined
  const tooOldForFlannel = firstFit !== undefined && serverVersion.minor >= 32 && compareVersions(desired, firstFit) < 0
  if (tooOldForFlannel) {
    return {
      id,
      verdict: 'fail',
      question,
      found: `agents before ${firstFit} get no pod network from servers of 1.32 or later`,
      cause: 'flannel in such an agent asks for rights that these servers no longer give it (k3s#11551, k3s#12819)',
      remedy: `${sameAsServer}, or at least ${firstFit}`,
    }
  }
  return {
    id,
    verdict: 'warn',
    question,
    found: 'the agent is older than the server',
    cause: 'supported, but not what the server was tested with',
    remedy: sameAsServer,
  }
}

/** What is installed may be newer than the servers, although the wanted version is not. Pure. */
export function checkInstalledVersion(installed: string | undefined, server: string): readonly Check[] {
  if (installed === undefined || !parseVersion(installed) || !parseVersion(server)) return []
  const id = 'k3s.installed-version'
  const question = `Is what is installed not newer than the server (${server})?`
  if (compareVersions(installed, server) <= 0) return [{ id, verdict: 'pass', question, found: installed }]
  return [
    {
      id,
      verdict: 'warn',
      question,
      found: `${installed} is newer than the server`,
      cause: 'a kubelet newer than its API server is not supported, and nothing else would report it',
      remedy: 'press the button with adopt = apply, which installs the wanted version; or upgrade the servers first',
    },
  ]
}
