import { isIP } from 'node:net'
import { type Complaint, type Grammar, withNearest } from './problem.ts'

/** A character that no single-line value holds: it could start a second line, or a terminal's escape sequence. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** The first invisible character as `U+000A`; undefined when there is none. */
export function invisibleCharacter(text: string): string | undefined {
  const found = invisible.exec(text)?.[0]?.codePointAt(0)
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Any text of one line. */
export const printable: Grammar = (text) => {
  const character = invisibleCharacter(text)
  return character
    ? { problem: `contains the invisible character ${character}`, allowed: 'one line of printable text' }
    : undefined
}

/** Any text of one line that no program can take for an option. */
export const singleLine: Grammar = (text) => {
  if (!text.startsWith('-')) return printable(text)
  return { problem: 'begins with a dash', allowed: 'text that no program can take for an option' }
}

function matching(form: RegExp, longest: number, allowed: string, guess?: (text: string) => string): Grammar {
  const isValid = (text: string): boolean => text.length <= longest && form.test(text)
  return (text) => {
    if (isValid(text)) return undefined
    const problem = text.length > longest ? `is longer than ${longest} characters` : 'has the wrong form'
    const guessed = guess?.(text)
    return { problem, allowed, ...withNearest(guessed !== undefined && isValid(guessed) ? guessed : undefined) }
  }
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** RFC 1123, lower case. Not longer than a label value may be, because the kubelet sets the name as `kubernetes.io/hostname`. */
export const nodeName: Grammar = matching(
  subdomain,
  63,
  "lower-case letters, digits, '-' and '.', at most 63, letter or digit at both ends",
  (text) => text.toLowerCase().replaceAll('_', '-'),
)

/** Name of a namespace: RFC 1123 label. */
export const namespaceName: Grammar = matching(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  63,
  "lower-case letters, digits and '-', at most 63, letter or digit at both ends",
  (text) => text.toLowerCase().replaceAll(/[_.]/g, '-'),
)

/** Address of something that speaks HTTP: no user and no fragment, so that nothing secret is written in it. */
export const httpUrl: Grammar = (text) => {
  const allowed = 'an address such as https://gpu.example.org, without user and fragment'
  const form = /^https?:\/\/([a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d{1,5})?(\/[\x21-\x22\x24-\x7e]*)?$/i
  if (text.length <= 500 && form.test(text) && URL.canParse(text)) return undefined
  if (/^https?:\/\/[^/]*@/i.test(text)) return { problem: 'holds a user or a password', allowed }
  const guess = `https://${text}`
  const nearest = !text.includes('://') && form.test(guess) && URL.canParse(guess) ? guess : undefined
  return { problem: 'is no address of an HTTP server', allowed, ...withNearest(nearest) }
}

/** Id of a check, or the beginning of ids with `*` at its end. */
export const checkPattern: Grammar = matching(
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(\.\*)?$/,
  200,
  'the id of a check, or the beginning of ids, e.g. workloads.pulumi-system or flux.*',
  (text) => text.toLowerCase().replaceAll('_', '-'),
)

export const userName: Grammar = matching(
  /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,
  32,
  'a Unix user name, e.g. oceanid',
  (text) => text.replace(/@.*$/, ''),
)

export const checkId: Grammar = matching(
  /^[a-z0-9]+([._-]+[a-z0-9]+)*$/,
  200,
  'the id of a check as the report shows it, e.g. host.clock',
  (text) => text.toLowerCase(),
)

/** Version of NVIDIA's container toolkit, without the package's revision. */
export const toolkitVersion: Grammar = matching(
  /^\d{1,4}\.\d{1,4}\.\d{1,4}$/,
  14,
  'an exact version, e.g. 1.20.0',
  (text) => text.replace(/^v/, '').replace(/[-~].*$/, ''),
)

/** Base URL of a package repository. It stands in a file of the package manager, so it holds nothing that such a file could read otherwise. */
export const repositoryUrl: Grammar = matching(
  /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~%+-]+)*\/?$/,
  500,
  'the base URL of a package repository without user, query or blanks, e.g. https://mirror.example/libnvidia-container',
)

/** Fingerprint of an OpenPGP key (version 4: 40 hex digits), with or without blanks. */
export const keyFingerprint: Grammar = (text) => {
  const digits = text.replaceAll(' ', '')
  return /^[0-9A-Fa-f]{40}$/.test(digits) && text.length <= 60
    ? undefined
    : { problem: 'has the wrong form', allowed: "40 hex digits: the fingerprint of the repository's OpenPGP key" }
}

/** Reference of a container image: registry, repository, and a tag, a digest or both. */
export const imageReference: Grammar = (text) => {
  const form =
    /^[a-z0-9]+([.-][a-z0-9]+)*(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/
  const isPinned = /(:[A-Za-z0-9_][^/@]*|@sha256:[0-9a-f]{64})$/.test(text)
  if (text.length > 500 || !form.test(text))
    return { problem: 'has the wrong form', allowed: 'an image with tag or digest, e.g. registry.example/plugin:v1' }
  return isPinned
    ? undefined
    : { problem: 'names no version', allowed: 'an image with tag or digest: `latest` today is another one tomorrow' }
}

/** `namespace/name` of an object in the cluster. */
export const namespacedName: Grammar = matching(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
  317,
  'namespace/name, e.g. kube-system/nvidia-device-plugin-daemonset',
)

/** DNS name or address of an SSH server: without user, port or scheme. */
export const hostAddress: Grammar = (text) => {
  if (isIP(text) !== 0) return undefined
  const allowed = 'a DNS name or an IP address'
  const bare = /^(?:ssh:\/\/)?(?:[^@/\s]+@)?\[?([^@/\s\]]+?)\]?(?::\d+)?\/?$/.exec(text)?.[1] ?? ''
  if (/^[0-9.]+$/.test(text)) return { problem: 'is no IPv4 address', allowed }
  if (text.length <= 253 && subdomain.test(text.toLowerCase())) return undefined
  const isUsable = isIP(bare) !== 0 || subdomain.test(bare.toLowerCase())
  return {
    problem: 'has the wrong form',
    allowed: `${allowed}, without user and port`,
    ...withNearest(isUsable ? bare : undefined),
  }
}

export const ipAddress: Grammar = (text) =>
  isIP(text) === 0 ? { problem: 'is no IP address', allowed: 'an IPv4 or IPv6 address' } : undefined

/** One address, or one IPv4 and one IPv6 with a comma between (k3s: node-ip of a dual-stack node). */
export const ipAddresses: Grammar = (text) => {
  const addresses = text.split(',').map((address) => address.trim())
  const allowed = 'an IP address, or one IPv4 and one IPv6 address separated by a comma'
  const versions = addresses.map((address) => isIP(address))
  const wrong = addresses.find((address) => isIP(address) === 0)
  if (wrong !== undefined)
    return { problem: wrong.includes('/') ? 'is a network, not an address' : 'is no IP address', allowed }
  return new Set(versions).size === versions.length
    ? undefined
    : { problem: 'has two addresses of the same family', allowed }
}

/** `https://host:port`: the port is written, because k3s listens on 6443 and https means 443. */
export const serverUrl: Grammar = (text) => {
  const allowed = 'https://host:port, e.g. https://203.0.113.7:6443'
  const [, scheme = '', host = '', port] = /^([a-z]+):\/\/(\[[^\]\s]+\]|[^/:\s]+)(?::(\d+))?\/?$/i.exec(text) ?? []
  const address = host.replace(/^\[|\]$/g, '')
  const isHost = host.startsWith('[') ? isIP(address) === 6 : hostAddress(host) === undefined
  if (!isHost) {
    const bare = hostAddress(text.replace(/:\d+$/, '')) === undefined ? text : undefined
    const guess = bare === undefined ? undefined : `https://${bare}${/:\d+$/.test(bare) ? '' : ':6443'}`
    return { problem: 'is no server address', allowed, ...withNearest(guess) }
  }
  if (scheme.toLowerCase() !== 'https')
    return { problem: 'is not https', allowed, nearest: `https://${host}:${port ?? '6443'}` }
  if (port === undefined) return { problem: 'has no port', allowed, nearest: `https://${host}:6443` }
  return Number(port) >= 1 && Number(port) <= 65_535 ? undefined : { problem: 'has no such port', allowed }
}

/** Exact version as the distribution's releases are tagged, or `match-server`. */
export function versionOf(distribution: 'k3s' | 'kubeadm'): Grammar {
  const isK3s = distribution === 'k3s'
  const form = isK3s ? /^v\d+\.\d+\.\d+(-rc\d+)?\+k3s\d+$/ : /^v\d+\.\d+\.\d+$/
  const allowed = `match-server, or an exact version like ${isK3s ? 'v1.33.4+k3s1' : 'v1.33.4'}`
  return (text): Complaint | undefined => {
    if (text === 'match-server' || (text.length <= 40 && form.test(text))) return undefined
    if (/^(stable|latest|testing|v?\d+(\.\d+)?)$/.test(text)) {
      return { problem: 'is a channel: it names another version tomorrow', allowed, nearest: 'match-server' }
    }
    const guesses = [
      `v${text}`,
      `${text}+k3s1`,
      `v${text}+k3s1`,
      text.replace(/-(k3s\d+)$/, '+$1'),
      text.replace(/\+.*$/, ''),
      text.toLowerCase(),
    ]
    const guess = /^match.?server$/i.test(text) ? 'match-server' : guesses.find((one) => form.test(one))
    return { problem: 'is no version', allowed, ...withNearest(guess) }
  }
}

/** Letters, digits and `-_.`, as Pulumi names organizations, projects and stacks; a name of dots alone would be a folder. */
const stackPart = /^(?!\.+$)[A-Za-z0-9_.-]{1,100}$/

/** `organization/project/stack`: all three, because a short name means another stack for every token. */
export const stackName: Grammar = (text) => {
  const parts = text.split('/')
  if (parts.length === 3 && !text.startsWith('-') && parts.every((part) => stackPart.test(part))) return undefined
  const problem = parts.length < 3 ? 'does not name organization, project and stack' : 'has the wrong form'
  return { problem, allowed: 'organization/project/stack, e.g. ryan-taylor/oceanid-cluster/prod' }
}

/** A folder below the workspace. */
export const workspaceFolder: Grammar = (text) => {
  const allowed = 'a folder of the repository, e.g. cluster'
  const isBelow = !/^[/~\\]/.test(text) && !text.split(/[/\\]/).includes('..')
  return isBelow ? singleLine(text) : { problem: 'does not stay below the workspace', allowed }
}

/** Name of a package, as Debian's policy and rpm allow it, without a version. */
export const packageName: Grammar = matching(
  // Not with a dash at the end: to apt-get that means to remove the package.
  /^[a-z0-9][a-z0-9.+-]*[a-z0-9.+]$/,
  100,
  "name of a package in lower-case letters, digits and '.+-', without a version",
  (text) => text.toLowerCase(),
)

/** Name of a service unit; `.service` may be left out. */
export const unitName: Grammar = matching(
  /^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/,
  100,
  'name of a service, e.g. iscsid or iscsid.service',
)

/** Name of a kernel module: `-` and `_` are the same to the kernel. */
export const kernelModule: Grammar = matching(
  /^[A-Za-z0-9_][A-Za-z0-9_-]*$/,
  64,
  'name of a module without path and .ko, e.g. iscsi_tcp',
)

/** Name of a kernel setting, with dots between its parts. */
export const sysctlKey: Grammar = matching(
  /^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+$/,
  200,
  'name of a kernel setting with dots, e.g. net.ipv4.ip_forward',
  (text) => text.replaceAll('/', '.'),
)

/** Value of a kernel setting: numbers or words. */
export const sysctlValue: Grammar = matching(
  /^[A-Za-z0-9][A-Za-z0-9 ,._:/+-]*$/,
  200,
  'numbers or words with blanks between them',
)

/** A folder that a disk is mounted on. Never the whole machine, and nothing that a shell or a mount table would write otherwise. */
export const mountFolder: Grammar = (text) => {
  const allowed = 'absolute path of a folder that a disk is mounted on, e.g. /mnt/longhorn/sdb1'
  const complaint = matching(/^(\/[A-Za-z0-9._+-]+)+$/, 200, allowed, (one) => one.replace(/\/+$/, ''))(text)
  if (complaint) return complaint
  return text.split('/').some((part) => part === '.' || part === '..')
    ? { problem: 'leads through . or ..', allowed }
    : undefined
}
