/** containerd of an embedded node of kubeadm, and nvidia-ctk, against what the real ones were seen to do (test/fixtures/containerd). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { dumpOf, stateOf } from '../../rehearsal/host/kubeadm/containerd.ts'
import { configureRuntime } from '../../rehearsal/host/kubeadm/nvidia-ctk.ts'

const fixtures = join(import.meta.dirname, '../../../test/fixtures/containerd/nvidia-ctk-1.20.0')
const recorded = (name: string): string => readFileSync(join(fixtures, name), 'utf8')
const config = '/etc/containerd/config.toml'
const dropIn = '/etc/containerd/conf.d/99-nvidia.toml'
const words = [
  '--runtime=containerd',
  `--config=${config}`,
  `--drop-in-config=${dropIn}`,
  '--nvidia-runtime-path=/usr/bin/nvidia-container-runtime',
]

let root = ''
const lay = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const saidOf = (stderr: string): string => stderr.replace(/time="[^"]*"/g, 'time=""')

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'containerd root-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the embedded nvidia-ctk', () => {
  it('writes and says what the real one did, byte for byte, also a second time', () => {
    lay(config, recorded('config-before.toml'))
    for (const _ of ['first', 'second']) {
      const { code, stderr } = configureRuntime(root, words)
      expect([code, saidOf(stderr)]).toEqual([0, saidOf(recorded('said.txt'))])
      expect([text(config), text(dropIn)]).toEqual([recorded('config-after.toml'), recorded('99-nvidia.toml')])
    }
    expect(stateOf(root)).toEqual({ handlers: new Set(['runc', 'nvidia']), defaultHandler: 'runc' })
    configureRuntime(root, [...words, '--nvidia-set-as-default'])
    expect(text(dropIn)).toBe(recorded('99-nvidia-default.toml'))
    expect(stateOf(root).defaultHandler).toBe('nvidia')
  })

  it('says that it did its work on a configuration of version 1, and containerd hears nothing of it', () => {
    lay(config, 'disabled_plugins = []\n')
    const { code, stderr } = configureRuntime(root, words)
    expect([code, saidOf(stderr)]).toEqual([0, saidOf(recorded('version-1-said.txt'))])
    expect(text(config)).toBe(recorded('version-1-config-after.toml'))
    expect(text(dropIn)).toBe(recorded('version-1-99-nvidia.toml'))
    expect([...stateOf(root).handlers]).toEqual(['runc'])
  })
})

describe('the embedded containerd', () => {
  it('takes the section of a plugin whole from the last file that names it', () => {
    lay(config, recorded('config-after.toml'))
    lay(
      dropIn,
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.other]\n  runtime_type = "io.containerd.runc.v2"\n',
    )
    expect([...stateOf(root).handlers]).toEqual(['other'])
    expect(dumpOf(root)).not.toContain('sandbox_image')
  })

  it('does not read a file with a header that is not closed, and says where', () => {
    lay(config, 'version = 2\n[plugins\n')
    expect(() => dumpOf(root)).toThrow('failed to unmarshal TOML at row 2 column 9: toml: expected character ]')
  })
})
