import { answered, type JoinSituation } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { K3sInstallation } from '../model.ts'

/** 10250: the kubelet; 6444: the agent's own way to the API servers. */
const agentPorts = [10250, 6444] as const

/** A port that the running agent holds is its own; the same process beside an agent that rests is a stranger. */
function portCheck(port: number, { facts }: JoinSituation, found: K3sInstallation): Check {
  const id = `host.port.${port}`
  const question = `Is port ${port} free for the agent?`
  const state = found.unit?.activeState ?? ''
  const isRunning = state === 'active' || state === 'activating'
  const holders = facts.ports.filter((one) => one.port === port)
  const isOwn = ({ process, owner }: (typeof holders)[number]): boolean => {
    if (!isRunning || (owner.endsWith('.service') && owner !== `${found.unit?.name}.service`)) return false
    return process === '' || /^(k3s|kubelet)/.test(process)
  }
  const stranger = holders.find((holder) => !isOwn(holder))
  if (!stranger) return answered(id, question, true, holders.length > 0 ? 'held by k3s itself' : 'free', nothing)
  const who = `${stranger.process || 'an unknown process'} (pid ${stranger.pid || 'unknown'}${stranger.owner ? `, ${stranger.owner}` : ''})`
  const isUnit = stranger.owner.endsWith('.service')
  return answered(id, question, false, `held by ${who}`, {
    cause: found.unit
      ? `the agent listens there and would loop; k3s-agent itself is ${state || 'not running'}`
      : 'the agent listens there and would loop',
    remedy: isUnit
      ? `stop it when nobody needs it: sudo systemctl disable --now ${stranger.owner}`
      : `stop that process: sudo ss -lntp 'sport = :${port}'`,
  })
}

const nothing = { cause: '', remedy: '' }

export function portChecks(situation: JoinSituation, found: K3sInstallation): readonly Check[] {
  return agentPorts.map((port) => portCheck(port, situation, found))
}
