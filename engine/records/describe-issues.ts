interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a schema found wrong with a value: each problem behind the path of where it stands, such as `objects.0.score: …`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ');
}
