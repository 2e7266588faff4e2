import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { followUnit, type UnitEvent } from '../../src/host/index.ts'
import { paths } from '../../src/k3s/model.ts'
import { FolderHost } from './k3s-install-host.ts'

const hosts: FolderHost[] = []
function newHost(shell: 'dash' | 'bash' | 'busybox' = 'dash'): FolderHost {
  const host = new FolderHost({ shell })
  hosts.push(host)
  return host
}
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()))
})

/** Follows until an event is seen; `until` may act on each one. */
async function follow(
  host: FolderHost,
  action: 'start' | 'restart' | 'none',
  until: (event: UnitEvent) => boolean,
): Promise<UnitEvent[]> {
  const ended = new AbortController()
  const events: UnitEvent[] = []
  await followUnit(host, {
    log: paths.containerdLog,
    unit: 'k3s-agent',
    action,
    signal: ended.signal,
    timeoutMs: 20_000,
    onEvent: (event) => {
      events.push(event)
      if (until(event)) ended.abort()
    },
  })
  return events
}

describe.each(['dash', 'bash', 'busybox'] as const)('following an agent on a host whose sh is %s', (shell) => {
  it('starts it without waiting, tells each state once and each journal line as it is, and leaves nothing behind', async () => {
    const host = newHost(shell)
    const hostile = [
      'level=info msg="k3s agent is up and running"',
      '::error::forged "quotes" \\ and \u001b[31mcolour',
      '{"event":"unit","active":"active"}',
    ]
    let lines = 0
    let isActive = false
    const events = await follow(host, 'start', (event) => {
      if (event.type === 'journal') lines += 1
      else if (event.type === 'unit' && event.activeState === 'active') isActive = true
      else {
        host.appendJournal(`${hostile.join('\n')}\n`)
        host.setUnit('active', 'running', 101)
      }
      return lines === hostile.length && isActive
    })
    expect(events.filter((event) => event.type === 'journal').map((event) => event.text)).toEqual(hostile)
    expect(events.filter((event) => event.type === 'unit')).toEqual([
      {
        type: 'unit',
        activeState: 'activating',
        subState: 'start',
        restarts: 0,
        result: 'success',
        mainStatus: 0,
        isNew: true,
      },
      {
        type: 'unit',
        activeState: 'active',
        subState: 'running',
        restarts: 0,
        result: 'success',
        mainStatus: 0,
        isNew: true,
      },
    ])
    const calls = host.calls().filter((call) => !call.startsWith('systemctl show'))
    expect(calls.sort()).toEqual([
      expect.stringMatching(/^journalctl -u k3s-agent -f --no-tail -o cat --no-pager --since @\d{10}(\.\d{3})?$/),
      'systemctl reset-failed k3s-agent',
      'systemctl start --no-block k3s-agent',
    ])
    expect(await host.leftProcesses()).toEqual([])
    expect(readdirSync(join(host.root, 'run'))).toEqual(['systemd'])
  })
})

describe('following an agent', () => {
  it('does not take the old process for the restarted one', async () => {
    const host = newHost()
    host.setUnit('active', 'running', 77)
    // The order is taken at once and carried out later, as with --no-block.
    host.flag('restart-later')
    const seen: string[] = []
    const ended = new AbortController()
    await followUnit(host, {
      log: paths.containerdLog,
      unit: 'k3s-agent',
      action: 'restart',
      signal: ended.signal,
      timeoutMs: 20_000,
      onEvent: (event) => {
        if (event.type !== 'unit') return
        seen.push(`${event.activeState} ${event.isNew ? 'new' : 'old'}`)
        if (seen.length === 1) host.setUnit('active', 'running', 78)
        else ended.abort()
      },
    })
    expect(seen).toEqual(['active old', 'active new'])
  })

  it('takes a process with a pid that has come back for a new one, by the moment of its start', async () => {
    const host = newHost()
    host.setUnit('active', 'running', 77, 'ExecMainStartTimestampMonotonic=5000000\n')
    host.flag('restart-later')
    const events = await follow(host, 'restart', (event) => {
      if (event.type === 'unit' && !event.isNew)
        host.setUnit('active', 'running', 77, 'ExecMainStartTimestampMonotonic=9000000\n')
      return event.type === 'unit' && event.isNew
    })
    expect(events.map((event) => event.type === 'unit' && event.isNew)).toEqual([false, true])
  })

  it('never takes the process that was starting already for a new one when it is told to start', async () => {
    const host = newHost()
    host.setUnit('activating', 'start', 77)
    // As systemd does: to start what is starting is nothing.
    host.flag('restart-later')
    const events = await follow(host, 'start', (event) => {
      if (event.type !== 'unit') return false
      host.setUnit('active', 'running', 77)
      return event.activeState === 'active'
    })
    expect(events.map((event) => event.type === 'unit' && event.isNew)).toEqual([false, false])
  })

  it('only looks when it is told to', async () => {
    const host = newHost()
    host.setUnit('active', 'running', 77)
    await follow(host, 'none', (event) => event.type === 'unit')
    expect(host.calls().some((call) => /systemctl (?:start|restart|reset-failed)/.test(call))).toBe(false)
  })

  it('says why systemd refuses the start', async () => {
    const host = newHost()
    host.flag('start-fails')
    await expect(follow(host, 'start', () => false)).rejects.toMatchObject({
      code: 'start-refused',
      cause: expect.stringContaining('Unit k3s-agent.service not found'),
      remedy: expect.stringContaining('systemctl status'),
    })
    expect(readdirSync(join(host.root, 'run'))).toEqual(['systemd'])
  })

  it('goes on with the states when the journal cannot be read, and says so', async () => {
    const host = newHost()
    host.flag('journal-fails')
    const events = await follow(host, 'none', (event) => event.type === 'journal')
    expect(events.at(-1)).toMatchObject({ text: expect.stringContaining('insufficient permissions') })
  })
})

const log = 'var/lib/rancher/k3s/agent/containerd/containerd.log'
const complaint = (key: string): string =>
  `time="2026-11-21T08:05:39.808505642Z" level=warning msg="Ignoring unknown key in TOML for plugin" key=${key}`

describe.each(['dash', 'bash', 'busybox'] as const)('containerd’s log on a host whose sh is %s', (shell) => {
  /** Plays one step at every event, and ends when `wanted` lines of the log were told. */
  async function told(host: FolderHost, wanted: number, steps: readonly (() => void)[]): Promise<UnitEvent[]> {
    const rest = [...steps]
    let lines = 0
    const events = await follow(host, 'none', (event) => {
      rest.shift()?.()
      if (event.type === 'journal') lines += 1
      return lines >= wanted && rest.length === 0
    })
    return events.filter((event) => event.type === 'journal')
  }
  const fromLog = (text: string): UnitEvent => ({ type: 'journal', source: 'containerd.log', text })

  it('is told from its end on, without what is said when all is well, marked with where it stands', async () => {
    const host = newHost(shell)
    host.setUnit('active', 'running', 77)
    host.write(log, `${complaint('old')}\n`)
    const events = await told(host, 2, [
      () =>
        host.append(
          log,
          `time="2026-11-21T08:05:39Z" level=info msg="starting containerd"\n${complaint('new')}\nhalf `,
        ),
      () => host.append(log, 'a line\r\n'),
    ])
    expect(events).toEqual([fromLog(complaint('new')), fromLog('half a line ')])
    expect(await host.leftProcesses()).toEqual([])
  })

  it('may come into being, be rotated and be cut while it is followed', async () => {
    const host = newHost(shell)
    host.setUnit('active', 'running', 77)
    const events = await told(host, 3, [
      () => host.write(log, `${complaint('first')}\n`),
      () => {
        host.rename(log, log.replace('.log', '-2026-11-21T08-05-40.000.log'))
        host.write(log, `${complaint('after-rotation-and-longer')}\n`)
      },
      () => host.write(log, `${complaint('cut')}\n`),
    ])
    expect(events).toEqual(['first', 'after-rotation-and-longer', 'cut'].map((key) => fromLog(complaint(key))))
  })

  it('cannot flood the run, nor smuggle an event of its own', async () => {
    const host = newHost(shell)
    host.setUnit('active', 'running', 77)
    const forged = '{"event":"unit","active":"active"}'
    const events = await told(host, 5, [
      () =>
        host.append(
          log,
          Buffer.concat([Buffer.from(`${forged}\n\u001b[31m`), Buffer.from([0, 0xff, 0xfe]), Buffer.from('\n')]),
        ),
      () => host.append(log, `${'x'.repeat(70_000)}\n${complaint('behind')}\n`),
    ])
    expect(events[0]).toEqual(fromLog(forged))
    expect(events[1]).toEqual(fromLog('\u001b[31m \ufffd\ufffd'))
    expect(events.at(-1)).toEqual(fromLog(complaint('behind')))
    for (const event of events) expect(event.type === 'journal' && event.text.length).toBeLessThanOrEqual(1500)
  })
})
