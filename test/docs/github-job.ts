import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecipeStage, StartedProgram } from "./recipe-stage.ts";

/** A step of a job, as far as it is used here. */
export interface WorkflowStep {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

/** A workflow, as far as it is used here. */
export interface Workflow {
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

interface WorkflowJob {
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly steps: readonly WorkflowStep[];
}

/** How a job went: which steps ran, with the exit status of each. */
export interface JobEnd {
  readonly ran: Readonly<Record<string, number | null>>;
  readonly told: string;
}

/** Runs the steps of jobs as GitHub's runner does; `uses` is left out. */
export class GithubJob {
  readonly #stage: RecipeStage;
  readonly #job: WorkflowJob;
  readonly #more: NodeJS.ProcessEnv;
  readonly #outputs = new Map<string, string>();

  /** The secrets and variables of the repository are those of the stage, and `more` counts before them. */
  constructor(stage: RecipeStage, workflow: Workflow, more: NodeJS.ProcessEnv = {}) {
    const [job] = Object.values(workflow.jobs);
    assert.ok(job);
    assert.equal(job.defaults.run.shell, "bash");
    this.#stage = stage;
    this.#job = job;
    this.#more = more;
  }

  /** Runs the job to its end. */
  async run(): Promise<JobEnd> {
    const ran: Record<string, number | null> = {};
    let told = "";
    let failed = false;
    for (const step of this.#job.steps) {
      if (step.run === undefined || !this.#isDue(step, failed)) continue;
      const end = await (await this.start(step)).ended;
      ran[step.name ?? ""] = end.code;
      told += end.out + end.err;
      failed ||= end.code !== 0;
      await this.#takeOutputs(step);
    }
    return { ran, told };
  }

  /** Starts the step of this name alone. */
  async startStep(name: string): Promise<StartedProgram> {
    const step = this.#job.steps.find((one) => one.name === name);
    assert.ok(step);
    return await this.start(step);
  }

  private async start(step: WorkflowStep): Promise<StartedProgram> {
    const path = join(this.#stage.folder, "step.sh");
    await writeFile(path, step.run ?? "");
    await writeFile(this.#outputFile, "");
    return this.#stage.start(["bash", "--noprofile", "--norc", "-eo", "pipefail", path], {
      ...Object.fromEntries(
        Object.entries(this.#job.env).map(([name, value]) => [name, this.#filledIn(value)]),
      ),
      GITHUB_OUTPUT: this.#outputFile,
      GITHUB_REF_NAME: "v13.1",
      GITHUB_RUN_ID: "4711",
    });
  }

  get #outputFile(): string {
    return join(this.#stage.folder, "step-output");
  }

  async #takeOutputs({ id }: WorkflowStep): Promise<void> {
    for (const line of (await readFile(this.#outputFile, "utf8")).split("\n")) {
      const [name = "", value = ""] = line.split(/=(.*)/s);
      if (name !== "") this.#outputs.set(`steps.${id}.outputs.${name}`, value);
    }
  }

  #filledIn(value: string): string {
    return value.replaceAll(/\$\{\{ (?:vars|secrets)\.(\w+) \}\}/g, (whole, name: string) => {
      const known = this.#more[name] ?? this.#stage.env[name];
      assert.ok(known, whole);
      return known;
    });
  }

  /** A step without a condition runs while none has failed. The terms that are not known here are an error. */
  #isDue({ if: condition }: WorkflowStep, failed: boolean): boolean {
    if (condition === undefined) return !failed;
    return condition.split(" && ").every((term) => {
      if (term === "failure()") return failed;
      const [, name = "", value] = /^(steps\.\w+\.outputs\.\w+) == '([^']*)'$/.exec(term) ?? [];
      assert.notEqual(name, "", `unknown condition ${term}`);
      return (this.#outputs.get(name) ?? "") === value;
    });
  }
}
