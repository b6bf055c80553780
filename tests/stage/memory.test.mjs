import assert from "node:assert/strict";
import test from "node:test";

import { openMemory } from "../../overlay/static/stage/memory.js";
import { fakeStorage } from "./stand-ins.mjs";

test("ids are in the storage as soon as add returns", () => {
  const storage = fakeStorage();
  openMemory({ storage, token: "t" }).add(["a"]);
  const again = openMemory({ storage, token: "t" });
  assert.equal(again.has("a"), true);
  assert.deepEqual(again.open(), ["a"]);
});

test("settled ids stay seen but are no longer owed", () => {
  const storage = fakeStorage();
  const memory = openMemory({ storage, token: "t" });
  memory.add(["a", "b"]);
  memory.settle(["a"]);
  const again = openMemory({ storage, token: "t" });
  assert.deepEqual([again.has("a"), again.open()], [true, ["b"]]);
});

test("the memory is bounded and forgets the oldest settled ids first", () => {
  const memory = openMemory({ storage: fakeStorage(), token: "t", limit: 3 });
  memory.add(["a"]);
  for (const id of ["b", "c", "d", "e"]) {
    memory.add([id]);
    memory.settle([id]);
  }
  assert.deepEqual(["a", "b", "c", "d", "e"].filter(memory.has), ["a", "d", "e"]);
});

test("each token has its own memory, and no token is stored", () => {
  const storage = fakeStorage();
  openMemory({ storage, token: "secret-one" }).add(["a"]);
  assert.equal(openMemory({ storage, token: "secret-two" }).has("a"), false);
  assert.ok(![...storage.kept].flat().join().includes("secret-one"));
});

test("broken, foreign or forbidden storage is survived", () => {
  const broken = {
    getItem: () => "{nonsense",
    setItem: () => {
      throw new Error("full");
    },
  };
  const memory = openMemory({ storage: broken, token: "t" });
  memory.add(["a"]);
  assert.equal(memory.has("a"), true);
  assert.equal(openMemory({ storage: null, token: "t" }).has("a"), false);
});

test("a second page with the same token learns what the first has shown", () => {
  const storage = fakeStorage();
  const first = openMemory({ storage, token: "t" });
  const second = openMemory({ storage, token: "t" });
  first.add(["a"]);
  second.refresh();
  assert.equal(second.has("a"), true);
});
