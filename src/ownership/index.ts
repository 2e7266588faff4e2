export { identify, isAlive, type ProcessIdentity } from './process.ts'
