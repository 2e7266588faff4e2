import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from '../ownership/index.ts'
import { type TunnelErrorCode, tunnelErrorCodes } from './error.ts'
import type { Destination, TunnelRequest, TunnelState } from './model.ts'

export const fileNames = {
  state: 'tunnel.json',
  log: 'tunnel.log',
  key: 'tunnel-key',
  knownHosts: 'tunnel-known-hosts',
} as const

export function stateFileOf(folder: string): string {
  return join(folder, fileNames.state)
}

export function destinationOf(request: Omit<TunnelRequest, 'server'>): Destination {
  const { host, port, user, localPort, target } = request
  const name = target.host.includes(':') ? `[${target.host}]` : target.host
  return { host, port, user, localPort, target: `${name}:${target.port}` }
}

export function isSameDestination(one: Destination, other: Destination): boolean {
  return (['host', 'port', 'user', 'localPort', 'target'] as const).every((key) => one[key] === other[key])
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value))

export function isIdentity(value: unknown): value is ProcessIdentity {
  return isFields(value) && Number.isSafeInteger(value.pid) && isText(value.started)
}

function isState(value: unknown): value is TunnelState {
  if (!isFields(value) || value.schema !== 'k3s-gpu-actions/tunnel/v1') return false
  const { ended, refusal } = value
  return (
    ['nonce', 'label', 'host', 'user', 'target'].every((key) => isText(value[key])) &&
    ['port', 'localPort'].every((key) => Number.isSafeInteger(value[key])) &&
    ['startedAt', 'expiresAt'].every((key) => isTime(value[key])) &&
    ['worker', 'supervisor', 'ssh'].every((key) => value[key] === undefined || isIdentity(value[key])) &&
    ['borrowedFrom', 'borrowedBy'].every((key) => value[key] === undefined || isText(value[key])) &&
    ['starting', 'connected', 'ended'].includes(String(value.phase)) &&
    (refusal === undefined || (isFields(refusal) && isTime(refusal.at) && isText(refusal.text))) &&
    (ended === undefined ||
      (isFields(ended) &&
        tunnelErrorCodes.includes(ended.code as TunnelErrorCode) &&
        isTime(ended.at) &&
        ['title', 'cause', 'remedy'].every((key) => isText(ended[key])) &&
        Array.isArray(ended.evidence) &&
        ended.evidence.every(isText)))
  )
}

const sizeLimit = 64 * 1024

/** Undefined: there is none, or it is not ours, or not one. Never follows a link. */
export function readState(file: string): TunnelState | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const about = fstatSync(descriptor)
    const isOurs = process.getuid === undefined || about.uid === process.getuid()
    if (!about.isFile() || !isOurs || about.size > sizeLimit) return undefined
    const bytes = Buffer.alloc(sizeLimit)
    const value: unknown = JSON.parse(bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, sizeLimit, 0)))
    return isState(value) ? value : undefined
  } catch {
    return undefined
  } finally {
    closeSync(descriptor)
  }
}

/** A new file of mode 0600 that nobody can have put there before. */
export function createPrivately(file: string): number {
  return openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
}

export function writePrivately(file: string, text: string): void {
  const descriptor = createPrivately(file)
  try {
    writeSync(descriptor, text)
  } finally {
    closeSync(descriptor)
  }
}

/** Whoever reads sees the old state or the new one, never half of one. */
export function writeState(file: string, state: TunnelState): void {
  const draft = `${file}.${randomUUID()}`
  writePrivately(draft, `${JSON.stringify(state, undefined, 2)}\n`)
  try {
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Everything of a tunnel but its state, which goes last: while it is there, somebody can still find the processes. */
export function removeFiles(folder: string): void {
  for (const name of [fileNames.key, fileNames.knownHosts, fileNames.log, fileNames.state]) {
    rmSync(join(folder, name), { force: true })
  }
}

/** Which file a name stands for, so that another one under the same name is not taken for it. Undefined: there is none. */
export function fileIdentity(file: string): string | undefined {
  const about = lstatSync(file, { bigint: true, throwIfNoEntry: false })
  // Numbers of files are given anew, even at once; together with the birth they are not.
  return about === undefined ? undefined : `${about.dev}/${about.ino}/${about.birthtimeNs}`
}

/** Removes a file only while it is still the very one that was made. */
export function removeOwn(file: string, identity: string | undefined): void {
  try {
    if (identity !== undefined && fileIdentity(file) === identity) unlinkSync(file)
  } catch {
    // gone meanwhile, with its folder
  }
}
