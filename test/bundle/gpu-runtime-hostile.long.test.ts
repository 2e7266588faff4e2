/** Hostile text of every origin that gpu-runtime reads, through its bundle: no command runs, no verdict changes, no summary breaks. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors } from './door.ts'
import { annotationName, containerdFolder, layTemplate, nodeOf, pluginKey, presentLabel } from './gpu-runtime-door.ts'
import { expectHarmless, hostileBytes, hostileLine, hostileText, marker, precede, says } from './hostile.ts'

const opened = doors()
const limitMs = 240_000

function write({ world }: Door, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(world.calypso.root, path)), { recursive: true })
  writeFileSync(join(world.calypso.root, path), content)
}

/** nvidia-smi whose every answer about a card, a process or itself is hostile, in the number of fields that was asked for. */
function speakAsCard(door: Door): void {
  const line = join(door.folder, 'line')
  writeFileSync(line, hostileLine.replaceAll(',', ';').replaceAll('\n', ' '))
  precede(
    door.world,
    'nvidia-smi',
    `evil=$(cat '${line}')
case $* in
  *--query-compute-apps=*) printf '2143, %s, %s, 12, %s, %s\\n' "$evil" "$evil" "$evil" "$evil"; exit ;;
  *--query-gpu=*) real "$@" | sed 's/NVIDIA GeForce RTX 4090/&/'; printf '%s\\n' "$evil"; exit ;;
  -L) real "$@"; printf 'GPU 9: %s (UUID: %s)\\n  MIG %s Device 0: (UUID: %s)\\n' "$evil" "$evil" "$evil" "$evil"; exit ;;
  '') real "$@"; cat '${line}'; exit ;;
esac`,
  )
}

describe('a machine whose GPU, processes and packages speak', () => {
  it(
    'is prepared as any other: names of cards and processes, the kernel, apt and udev are quoted, not believed',
    async () => {
      const door = await opened({ action: 'gpu-runtime' })
      const { world, press } = door
      speakAsCard(door)
      const line = hostileLine.replaceAll('\n', ' ')
      write(door, 'proc/2143/comm', `${line}\n`)
      write(door, 'proc/2143/cmdline', `${line}\0${line}\0`)
      write(door, 'var/run/reboot-required', hostileBytes)
      write(door, 'var/run/reboot-required.pkgs', hostileBytes)
      write(door, 'etc/udev/rules.d/70-stranger.rules', hostileBytes)
      write(door, 'etc/rancher/k3s/config.yaml.d/50-stranger.yaml', `# ${line}\n"${marker}": "${marker}"\n`)
      says(world, 'dmesg', hostileBytes)
      says(world, 'apt-mark', hostileBytes)
      const run = await press()
      expectHarmless(door, run, { exitCode: 0, result: 'prepared' })
      expect(nodeOf(door).allocatable).toEqual({ 'nvidia.com/gpu': '1' })
      // What is written on the node is what the driver says, and nobody's text.
      expect(JSON.stringify(nodeOf(door).annotation)).not.toContain(marker)
    },
    limitMs,
  )

  it(
    'is refused for a driver that does not answer, whatever it says; and a template is quoted, whatever it holds',
    async () => {
      const door = await opened({ action: 'gpu-runtime' })
      const { world, press } = door
      layTemplate(
        door,
        'config-v3.toml.tmpl',
        `${hostileText}\n[plugins."${marker}"]\n  "${hostileLine.replaceAll('"', "'")}" = 1\n`,
      )
      const rendered = `${containerdFolder}/config.toml`
      const text = readFileSync(join(world.calypso.root, rendered), 'utf8')
      write(
        door,
        rendered,
        `${text}\n[plugins."${marker}\\u202e".'${'x'.repeat(50)}']\n  "::error::${marker}" = "${marker}"\n`,
      )
      const template = await press()
      expectHarmless(door, template, { exitCode: 1, result: 'failed', code: 'gpu-containerd-template' })
      says(world, 'nvidia-smi', hostileBytes)
      precede({ calypso: world.calypso }, 'lspci', `printf '%s\\n' '${marker}'`)
      const silent = join(dirname(world.calypso.root), 'bin', '.nvidia-smi-itself')
      writeFileSync(silent, '#!/bin/sh\nexit 9\n')
      chmodSync(silent, 0o755)
      const driver = await press()
      expectHarmless(door, driver, { exitCode: 1, result: 'failed', code: driver.outputs['failure-code'] ?? '' })
      expect(driver.outputs['failure-code']).toMatch(/^gpu-(driver|containerd-template)/)
    },
    limitMs,
  )
})

describe('a cluster whose objects speak', () => {
  it(
    'has the names, labels, annotations and events of others quoted; an annotation of ours that is not ours is written anew',
    async () => {
      const door = await opened({ action: 'gpu-runtime', faults: new Set(['gpu-plugin-runtime']) })
      const { world, press } = door
      const { objects } = world.cluster
      const node = objects.get('nodes/calypso')
      if (node === undefined) throw new Error('calypso has no Node')
      objects.put('nodes/calypso', {
        ...node,
        metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, [annotationName]: hostileText } },
        spec: { ...(node.spec as object), taints: [{ key: 'gpu', value: hostileLine, effect: 'NoSchedule' }] },
      })
      const stranger = objects.get('daemonsets/kube-system/nvidia-device-plugin-daemonset')
      if (stranger === undefined) throw new Error('there is no other plugin')
      objects.put(`daemonsets/kube-system/${marker}`, {
        ...stranger,
        metadata: {
          ...stranger.metadata,
          name: hostileLine,
          uid: 'another',
          labels: { 'app.kubernetes.io/managed-by': hostileLine, 'helm.sh/chart': hostileLine },
          annotations: { 'meta.helm.sh/release-name': hostileText, 'meta.helm.sh/release-namespace': hostileText },
          managedFields: [{ manager: hostileLine, operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: {} }],
        } as typeof stranger.metadata,
      })
      const run = await press()
      expectHarmless(door, run, { exitCode: 1, result: 'failed', code: 'gpu-plugin-owner' })

      for (const { metadata } of objects.list('daemonsets'))
        objects.delete(`daemonsets/${metadata.namespace}/${metadata.name}`)
      objects.delete(`daemonsets/kube-system/${marker}`)
      // No API server stores such a taint; our own DaemonSet with it would be refused.
      const present = objects.get('nodes/calypso')
      if (present) objects.put('nodes/calypso', { ...present, spec: { ...(present.spec as object), taints: [] } })
      const next = await press()
      expectHarmless(door, next, { exitCode: 0, result: 'prepared' })
      expect(nodeOf(door).annotation).toMatchObject({ by: 'k3s-gpu-actions', driver: '575.51.03' })
      expect(objects.get('nodes/calypso')?.metadata.labels?.[presentLabel]).toBe('true')
    },
    limitMs,
  )

  it(
    'has a plugin that fails with hostile words on its lips, and the run says that it failed',
    async () => {
      const door = await opened({ action: 'gpu-runtime' })
      const { world, press } = door
      world.cluster.answerWith(
        /^GET \/api\/v1\/namespaces\/kube-system\/pods\/.*\/log/,
        200,
        hostileBytes.toString('latin1'),
      )
      const events = {
        kind: 'EventList',
        apiVersion: 'v1',
        metadata: {},
        items: [
          {
            metadata: { name: marker },
            involvedObject: { kind: 'Pod' },
            type: 'Warning',
            reason: hostileLine,
            message: hostileText,
          },
        ],
      }
      world.cluster.answerWith(/^GET \/api\/v1\/namespaces\/kube-system\/events/, 200, JSON.stringify(events))
      const run = await press({ 'device-plugin-image': 'nvcr.io/nvidia/k8s-device-plugin:v0.99.0' })
      expectHarmless(door, run, { exitCode: 1, result: 'failed', code: run.outputs['failure-code'] ?? '' })
      expect(run.report?.undone).toContain('apply-device-plugin')
      expect(world.cluster.objects.get(pluginKey)).toBeUndefined()
    },
    limitMs,
  )
})
