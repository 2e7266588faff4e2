/**
 * Keeps a Node process inside the embedded world: `node --import <this file> …`.
 * The file named by REHEARSAL_ENDPOINTS maps hosts and ports of the real world to ports on 127.0.0.1. Loopback addresses and
 * unix sockets are left alone; every other address is an error, before a name is looked up or a packet is sent.
 * Server names and Host headers stay the real ones, because only the connection underneath is led elsewhere.
 */
import dgram from 'node:dgram'
import dns from 'node:dns'
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const file = process.env.REHEARSAL_ENDPOINTS
if (!file) throw new Error('REHEARSAL_ENDPOINTS does not name the file that maps addresses to the embedded world')

/** @type {readonly { host: string, port: number, to: number | 'refused' | 'timeout' }[]} */
const endpoints = JSON.parse(readFileSync(file, 'utf8'))
const targets = new Map(endpoints.map(({ host, port, to }) => [`${host.toLowerCase()}:${port}`, to]))

/** @param {string} host */
function isLoopback(host) {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return (
    bare === 'localhost' ||
    bare === '::1' ||
    bare === '::ffff:127.0.0.1' ||
    (net.isIPv4(bare) && bare.startsWith('127.'))
  )
}

/** @param {string} name */
function stranger(name) {
  const error = new Error(`the rehearsal has no ${name} (it has ${[...targets.keys()].join(', ') || 'nothing'})`)
  return Object.assign(error, { code: 'ENOTREHEARSED' })
}

const connect = net.Socket.prototype.connect

/** The forms of arguments: one normalised array, (options, listener), (path, listener), (port, host, listener). */
function read(args) {
  const list = Array.isArray(args[0]) ? args[0] : args
  const listener = list.findLast((item) => typeof item === 'function')
  const [first, second] = list
  if (first !== null && typeof first === 'object') return { options: first, listener }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { options: { path: first }, listener }
  return { options: { port: Number(first), host: typeof second === 'string' ? second : undefined }, listener }
}

net.Socket.prototype.connect = function redirectedConnect(...args) {
  const { options, listener } = read(args)
  if (options.path) return connect.apply(this, args)
  const host = String(options.host ?? 'localhost')
  if (isLoopback(host)) return connect.apply(this, args)
  const port = Number(options.port)
  const to = targets.get(`${host.toLowerCase()}:${port}`)
  if (to === undefined) throw stranger(`${host}:${port}`)
  if (typeof to === 'number') {
    const { lookup: _lookup, localAddress: _localAddress, family: _family, ...rest } = options
    return connect.call(this, { ...rest, host: '127.0.0.1', port: to }, ...(listener ? [listener] : []))
  }
  if (listener) this.once('connect', listener)
  this.connecting = true
  if (to === 'refused') {
    const error = new Error(`connect ECONNREFUSED ${host}:${port}`)
    // errno as libuv has it on Linux; programs look at code.
    Object.assign(error, { code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: host, port })
    setImmediate(() => this.destroy(error))
  } else {
    // Packets that nobody answers: the attempt stands, and keeps the process alive, until the caller gives up.
    const waiting = setInterval(() => {}, 60_000)
    this.once('close', () => clearInterval(waiting))
  }
  return this
}

/** A name in the embedded world has no address: whoever connects by name never gets here. */
function refuseName(original) {
  return function refusingLookup(name, ...rest) {
    if (typeof name === 'string' && (name === '' || net.isIP(name) || isLoopback(name)))
      return original.call(this, name, ...rest)
    const callback = rest.at(-1)
    if (typeof callback !== 'function') throw stranger(`address for the name ${name}`)
    setImmediate(callback, stranger(`address for the name ${name}`))
    return undefined
  }
}

/** @param {Record<string, unknown>} object */
function refuseNames(object) {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === 'function' && /^(lookup|lookupService|resolve\w*|reverse)$/.test(name))
      object[name] = refuseName(value)
  }
}
refuseNames(dns)
const { lookup, ...resolvers } = dns.promises
for (const [name, value] of Object.entries({ lookup, ...resolvers })) {
  if (typeof value !== 'function' || !/^(lookup|lookupService|resolve\w*|reverse)$/.test(name)) continue
  dns.promises[name] = async function refusingLookup(host, ...rest) {
    if (net.isIP(host) || isLoopback(host)) return await value.call(this, host, ...rest)
    throw stranger(`address for the name ${host}`)
  }
}

const send = dgram.Socket.prototype.send
dgram.Socket.prototype.send = function redirectedSend(...args) {
  const address = args.slice(1).find((item) => typeof item === 'string')
  if (address !== undefined && !isLoopback(address)) throw stranger(`${address} for UDP`)
  return send.apply(this, args)
}
const connectDatagrams = dgram.Socket.prototype.connect
dgram.Socket.prototype.connect = function redirectedConnectDatagrams(port, address, ...rest) {
  if (typeof address === 'string' && !isLoopback(address)) throw stranger(`${address}:${port} for UDP`)
  return connectDatagrams.call(this, port, address, ...rest)
}

syncBuiltinESMExports()
