export { defaultIssueLabel, type IssueOptions, type KeptIssue, keepIssue } from './keep.ts'
