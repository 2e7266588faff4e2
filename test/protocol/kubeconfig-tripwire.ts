/**
 * Reads every fixture with everything replaced by which a program could reach out of itself, and prints what was touched.
 * A program of its own, because what a test runner replaces is not what a module has imported.
 */
import childProcess from 'node:child_process'
import dns from 'node:dns'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { KubeConfig } from '@kubernetes/client-node'
import { credentialChecks, readKubeconfig, validityOf } from '../../src/kubeconfig/index.ts'
import { fixture, fixtureNames, nowMs } from '../unit/kubeconfig-materials.ts'

const canary = process.argv[2] ?? ''
const texts = fixtureNames().map((name) => [name, fixture(name, canary)] as const)
let touched: string[] = []

function wire(target: object): void {
  for (const [name, value] of Object.entries(target)) {
    // Judging an address touches nothing.
    if (typeof value !== 'function' || /^([A-Z_]|isI)/.test(name)) continue
    const tripped = (...args: unknown[]): never => {
      touched.push(`${name} ${String(args[0])}`)
      throw new Error(`touched ${name}`)
    }
    Object.defineProperty(target, name, { value: tripped, configurable: true, writable: true })
  }
}

// What prints at the end.
const { writeSync } = fs
for (const target of [fs, fs.promises, childProcess, net, dns, dns.promises]) wire(target)
syncBuiltinESMExports()

for (const [, text] of texts) {
  try {
    const reading = readKubeconfig(text, { context: '', allowExec: ['aws', './aws'] })
    reading.render({ server: 'https://127.0.0.1:16443' })
    const policy = { nowMs, minValidityMs: 0, expectCaSha256: '' }
    credentialChecks(reading.selected, validityOf(reading.selected), policy)
  } catch {
    // What it says is the other tests' concern.
  }
}
const ours = touched
touched = []
try {
  new KubeConfig().loadFromString(texts.find(([name]) => name === 'file-token-of-client-node')?.[1] ?? '')
} catch {
  // The wire throws.
}
writeSync(1, JSON.stringify({ documents: texts.length, touched: ours, touchedByLibrary: touched }))
