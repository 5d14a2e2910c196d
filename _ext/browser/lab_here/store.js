// What readers have written in the lab: their browser keeps it (IndexedDB), one database for each
// release of the lesson, so that no old notebook ever meets a new emulator.

export const PREFIX = "hpc-notebooks-";

// The names of the databases of all releases that this browser has seen.
export async function databases() {
  if (!self.indexedDB || !indexedDB.databases) return [];
  const found = await indexedDB.databases();
  return found.map(({name}) => name).filter(name => name.startsWith(PREFIX));
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("the lab is open in another tab: close it first"));
  });
}

// Do something with a release's files, if there are any: work(object store).
async function withFiles(name, mode, work) {
  if (!(await databases()).includes(name)) return undefined;
  const database = await answer(indexedDB.open(name));
  try {
    if (!database.objectStoreNames.contains("files")) return undefined;
    return await work(database.transaction("files", mode).objectStore("files"));
  } finally {
    database.close();
  }
}

// The reader's own version of a file as the lab has saved it; undefined if there is none.
export function own(name, path) {
  return withFiles(name, "readonly", files => answer(files.get(path)));
}

// All that the reader has written in a release: notebooks and other files.
export async function owned(name) {
  const found = await withFiles(name, "readonly", files => answer(files.getAll())) || [];
  return found.filter(({type}) => type === "notebook" || type === "file");
}

// Forget the reader's version: the lab then shows the one that the site has.
export function forget(name, path) {
  return withFiles(name, "readwrite", files => answer(files.delete(path)));
}

export function drop(name) {
  return answer(indexedDB.deleteDatabase(name));
}
