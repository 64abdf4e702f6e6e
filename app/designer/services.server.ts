import { localServices } from '#db/local-services.ts'

/** What a service task may name: what runs inside the step, and what the worker calls outside. */
export const knownServices: readonly string[] = [...localServices.keys(), 'exchange.send']
