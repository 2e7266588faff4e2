/** The node's identity: what the server hands out to an agent that it admits, kept where k3s keeps it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { type Approach, configProblem, passwordRejected } from '../../rehearsal/host/approach.ts'
import type { Answer, Question } from '../../rehearsal/host/supervisor.ts'
import { agentFolder, kubeletKubeconfig, write } from './folders.ts'
import type { ClusterSettings } from './kubelet.ts'

export interface Identity {
  readonly certPem: string
  readonly keyPem: string
}

/** Who asks, and with what. */
export interface Applicant {
  readonly nodeName: string
  readonly nodeIp: string
  /** Value of the `Authorization` header. */
  readonly authorization: string
}

const clientCertificate = `${agentFolder}/client-kubelet.crt`
const clientKey = `${agentFolder}/client-kubelet.key`
const waysBack = 'Node authorization rejected, retrying without client certificate authentication'

/** The identity of an earlier start, or undefined on a host that was never admitted. */
export function keptIdentity(): Identity | undefined {
  if (!existsSync(clientCertificate) || !existsSync(clientKey)) return undefined
  return { certPem: readFileSync(clientCertificate, 'utf8'), keyPem: readFileSync(clientKey, 'utf8') }
}

/** Certificates in their order, and the private key apart from them. */
export function splitPem(text: string): Identity {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----\n?/g) ?? []
  const isKey = (block: string): boolean => /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(block)
  const joined = (chosen: readonly string[]): string => chosen.map((block) => `${block.trimEnd()}\n`).join('')
  return { certPem: joined(blocks.filter((block) => !isKey(block))), keyPem: joined(blocks.filter(isKey)) }
}

/** k3s's words for an answer that is none: the URL and Go's status line. */
function refusal(path: string, answer: Answer): Error {
  const names: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    401: 'Unauthorized',
    404: 'Not Found',
    500: 'Internal Server Error',
    502: 'Bad Gateway',
    503: 'Service Unavailable',
  }
  return new Error(`https://127.0.0.1:6444${path}: ${answer.status} ${names[answer.status] ?? ''}`.trimEnd())
}

/**
 * Fetches everything anew, as k3s does at every start, and writes it below the agent's folder. A start after the first one
 * shows the node's own certificate, and the token as well where the server does not take that any more.
 * @throws Error whose message is the cause of k3s's `Waiting to retrieve agent configuration`
 */
export async function fetchIdentity(approach: Approach, applicant: Applicant): Promise<ClusterSettings> {
  const kept = keptIdentity()
  const credentials = approach.talk.as(applicant.nodeName, applicant.authorization)
  const headers = { ...credentials.headers, 'K3s-Node-IP': applicant.nodeIp }
  const get = async (path: string, identity?: Identity): Promise<Answer> => {
    const question: Pick<Question, 'method' | 'path' | 'headers' | 'identity'> = { method: 'GET', path, headers }
    try {
      return await approach.talk.ask(identity === undefined ? question : { ...question, identity })
    } catch (error) {
      throw new Error(`Get "https://127.0.0.1:6444${path}": ${approach.words(error, 0)}`)
    }
  }

  const path = '/v1-k3s/config'
  const config = await get(path, kept).catch((error: Error) => {
    throw new Error(`failed to retrieve configuration from server: ${error.message}`)
  })
  const problem = configProblem(config.status)
  if (problem !== undefined) throw new Error(problem)
  mkdirSync(agentFolder, { recursive: true, mode: 0o700 })
  for (const name of ['client-ca.crt', 'server-ca.crt']) {
    const answer = await get(`/v1-k3s/${name}`, kept)
    if (answer.status !== 200) throw refusal(`/v1-k3s/${name}`, answer)
    write(`${agentFolder}/${name}`, answer.text)
  }
  for (const name of ['serving-kubelet', 'client-kubelet']) {
    const path = `/v1-k3s/${name}.crt`
    let answer = await get(path, kept)
    if (answer.status === 401 && kept !== undefined) {
      approach.say('info', waysBack)
      answer = await get(path)
    }
    if (answer.status === 403) throw new Error(passwordRejected)
    if (answer.status !== 200) throw refusal(path, answer)
    const { certPem, keyPem } = splitPem(answer.text)
    write(`${agentFolder}/${name}.crt`, certPem)
    write(`${agentFolder}/${name}.key`, keyPem)
  }
  write(kubeletKubeconfig, kubeconfig())
  const { ClusterDNS, ClusterDomain } = JSON.parse(config.text) as { ClusterDNS?: string; ClusterDomain?: string }
  return { clusterDns: ClusterDNS ?? '10.43.0.10', clusterDomain: ClusterDomain ?? 'cluster.local' }
}

/** The kubelet goes through the agent's load balancer like everything else on the node. */
function kubeconfig(): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        cluster: { server: 'https://127.0.0.1:6444', 'certificate-authority': `${agentFolder}/server-ca.crt` },
        name: 'local',
      },
    ],
    contexts: [{ context: { cluster: 'local', namespace: 'default', user: 'user' }, name: 'Default' }],
    'current-context': 'Default',
    users: [{ name: 'user', user: { 'client-certificate': clientCertificate, 'client-key': clientKey } }],
  })
}
