/** gpu-runtime on real parts: systemd, containerd, kubelet, API server, apt, and where they could be built NVIDIA's own programs. */
import assert from 'node:assert/strict'
import type { LabHost } from '../contract.ts'
import type { LabScenario } from '../inside/model.ts'
import { expectPress, inSituation, readyStatus, until } from './expect.ts'
import { gpusOf, handlersOf, layRuntime, loadPluginImage, must, renderedConfig, uuidOf } from './gpu-machine.ts'
import { openRepository } from './gpu-repository.ts'

const joined = { exitCode: 0, outputs: { result: 'joined' } }
const unchanged = { exitCode: 0, outputs: { result: 'unchanged', changed: 'false', restarted: 'false' } }
const gpu = { action: 'gpu-runtime' } as const
/** The machine with a card has a process on it, which a restart of k3s does not disturb; the owner says so. */
const allowed = { 'allow-gpu-disruption': 'true' }

export const gpuRuntimeScenarios: readonly LabScenario[] = [
  inSituation(
    'gpu-runtime',
    'the GPU of a joined node is made usable: k3s is restarted once, and a second run changes nothing',
    {},
    async (situation) => {
      const { calypso, cluster } = situation
      expectPress(await situation.press(), joined)
      await loadPluginImage(calypso)
      await layRuntime(calypso)
      const before = await calypso.unit('k3s-agent')

      const blocked = await situation.press({ toolkit: 'verify' }, gpu)
      expectPress(blocked, { exitCode: 1, outputs: { 'failure-code': 'plan-gpu-in-use' } })
      assert.deepEqual(await gpusOf(situation), [undefined, undefined])

      const prepared = await situation.press({ toolkit: 'verify', ...allowed }, gpu)
      expectPress(prepared, {
        exitCode: 0,
        outputs: {
          result: 'prepared',
          restarted: 'true',
          'restart-reason': 'runtime-missing',
          'gpu-count': '1',
          allocatable: '{"nvidia.com/gpu":"1"}',
        },
      })
      assert.deepEqual(await gpusOf(situation), ['1', '1'])
      assert.match(await must(calypso, ['cat', renderedConfig]), /BinaryName = "\/usr\/bin\/nvidia-container-runtime"/)
      assert.ok((await handlersOf(calypso)).includes('nvidia'))
      const annotations = (await situation.node())?.metadata.annotations ?? {}
      assert.ok(annotations['k3s-gpu-actions/gpu']?.includes(await uuidOf(calypso)), JSON.stringify(annotations))
      const after = await calypso.unit('k3s-agent')
      assert.notEqual(after.mainPid, before.mainPid)

      const connections = await calypso.connections()
      const seen = cluster.requests.length
      expectPress(await situation.press({ toolkit: 'verify' }, gpu), unchanged)
      assert.equal((await calypso.connections()) - connections, 1)
      assert.equal(cluster.requests.length - seen, 4, cluster.requests.slice(seen).join('\n'))
      assert.equal((await calypso.unit('k3s-agent')).mainPid, after.mainPid)

      const removed = await situation.press({ toolkit: 'verify', 'device-plugin': 'absent' }, gpu)
      expectPress(removed, { exitCode: 0, outputs: { changed: 'true', restarted: 'false' } })
      await until(
        'the kubelet to notice that the plugin is gone',
        30_000,
        async () => (await gpusOf(situation))[1] === '0',
      )
      return 'restarted once, registered, annotated; the second run asked the API four times and the machine once; without the plugin the node offers 0'
    },
  ),

  inSituation(
    'gpu-toolkit',
    'apt brings the toolkit from a signed repository: first a restart of k3s fails and everything is taken back, then it stays',
    {},
    async (situation) => {
      const { calypso } = situation
      expectPress(await situation.press(), joined)
      await loadPluginImage(calypso)
      const repository = await openRepository(calypso, '1.20.0')
      const inputs = { ...allowed, repository: repository.url, 'repository-keys': repository.fingerprint }
      try {
        const before = await pictureOf(calypso)
        // Somebody keeps k3s from starting beside the runtime: the one restart fails, and the one after the undo succeeds.
        await must(calypso, ['sh', '-c', `mkdir -p \${0%/*} && printf '%s\\n' "$1" >$0`, guard, guardText])
        await must(calypso, ['systemctl', 'daemon-reload'])
        const undone = await situation.press({ ...inputs, timeout: '10s' }, gpu)
        expectPress(undone, { exitCode: 1 })
        assert.equal(await pictureOf(calypso), before)
        assert.equal(readyStatus(await situation.node()), 'True')
        await must(calypso, ['rm', guard])
        await must(calypso, ['systemctl', 'daemon-reload'])

        const wrongKey = await situation.press({ ...inputs, 'repository-keys': '0'.repeat(40) }, gpu)
        expectPress(wrongKey, { exitCode: 1, outputs: { 'failure-code': 'key-differs' } })
        assert.equal(await pictureOf(calypso), before)

        const prepared = await situation.press(inputs, gpu)
        expectPress(prepared, { exitCode: 0, outputs: { result: 'prepared', 'toolkit-version': '1.20.0-1' } })
        assert.equal((await must(calypso, ['apt-mark', 'showhold'])).trim().split('\n').length, 4)
        assert.deepEqual(await gpusOf(situation), ['1', '1'])
        const asked = repository.requests.length
        expectPress(await situation.press(inputs, gpu), unchanged)
        assert.equal(repository.requests.length, asked)
        return `taken back (${undone.outputs['failure-code']}); installed and held; a second run leaves the repository alone`
      } finally {
        await repository.close()
      }
    },
  ),

  inSituation(
    'gpu-template',
    'a template took the pod network away and the runtime with it: it is moved aside and the node comes back; where that does not help, it is put back',
    {},
    async (situation) => {
      const { calypso } = situation
      await layRuntime(calypso)
      expectPress(await situation.press(), joined)
      await loadPluginImage(calypso)
      await calypso.comeOver(new Set(['template-harmful']))
      const laid = await must(calypso, ['sh', '-c', `sha256sum ${folder}/*.tmpl`])
      const refused = await situation.press({ toolkit: 'verify', ...allowed }, gpu)
      expectPress(refused, { exitCode: 1, outputs: { 'failure-code': 'gpu-containerd-template' } })
      await must(calypso, ['timeout', '60', 'systemctl', 'restart', 'k3s-agent'])
      await until('the node to lose its network', 60_000, async () => readyStatus(await situation.node()) === 'False')

      // An argument that no kubelet knows, which somebody set since: no restart succeeds.
      const lost = '/etc/rancher/k3s/config.yaml.d/99-lost.yaml'
      await must(calypso, ['sh', '-c', `mkdir -p \${0%/*} && echo 'kubelet-arg: [nonsense=1]' >$0`, lost])
      const inputs = { toolkit: 'verify', 'quarantine-template': 'true', ...allowed }
      const back = await situation.press({ ...inputs, timeout: '10s' }, gpu)
      expectPress(back, { exitCode: 1, outputs: { 'failure-code': 'kubelet-flag-unknown' } })
      assert.equal(await must(calypso, ['sh', '-c', `sha256sum ${folder}/*.tmpl`]), laid)
      await must(calypso, ['rm', lost])
      const prepared = await situation.press(inputs, gpu)
      expectPress(prepared, { exitCode: 0, outputs: { result: 'prepared', restarted: 'true' } })
      assert.equal(readyStatus(await situation.node()), 'True')
      assert.match(await must(calypso, ['ls', folder]), /\.tmpl\.disabled-[0-9a-f]{8}$/m)
      return 'moved aside, and the node is back'
    },
  ),
]

const folder = '/var/lib/rancher/k3s/agent/etc/containerd'
/** A drop-in of the agent's unit. */
const guard = '/etc/systemd/system/k3s-agent.service.d/guard.conf'
const guardText = "[Service]\nExecStartPre=/bin/sh -c '! test -e /usr/bin/nvidia-container-runtime'"

/** What apt changes on a machine: packages with their holds, its settings and keys, and what the packages' scripts write. */
async function pictureOf(host: LabHost): Promise<string> {
  const packages = ['dpkg-query', '-W', '-f', '${Package} ${Version} ${db:Status-Abbrev}\\n']
  const files =
    'find /etc/apt /etc/nvidia-container-runtime /etc/udev /usr/share/keyrings /etc/rancher -type f 2>/dev/null | sort | xargs sha256sum'
  return `${await must(host, packages)}${await must(host, ['sh', '-c', files])}`
}
