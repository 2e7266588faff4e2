import { HostError } from './error.ts'

/** File names for uploads: they are put into a path on the host. */
export function uploadName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(name))
    throw new TypeError(`${JSON.stringify(name)} cannot be the name of an uploaded file`)
  return name
}

export function outputError(host: string, scriptName: string): HostError {
  return new HostError('output-too-large', host, {
    title: `script ${scriptName} was ended`,
    cause: 'the host printed far more than the script can print',
    remedy: 'look at what the start-up files of the login shell on the host print',
  })
}

export function uploadError(host: string, name: string, reason: string, redact?: (text: string) => string): HostError {
  return new HostError(
    'upload-failed',
    host,
    {
      title: `${name} could not be uploaded`,
      cause: reason,
      remedy: 'make room in /tmp of the host, or look at the connection, and run it again',
    },
    redact,
  )
}

export function forwardError(host: string, address: string, port: number, reason: string): HostError {
  return new HostError('connection-failed', host, {
    title: `${address}:${port} cannot be reached from the host`,
    cause: reason === '' ? 'the connection failed without a reason' : reason,
    remedy: `allow ${port}/tcp from the host to ${address}, or use an address that the host can reach`,
  })
}
