/** Why a token cannot go on: a value that becomes an incident, never thrown. `message` is for the administrator. */
export class Failure {
  constructor(
    readonly code: string,
    readonly message: string,
  ) {}
}
