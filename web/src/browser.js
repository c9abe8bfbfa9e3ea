// The origin's private file system and the locks over all tabs, as page and worker use them: one call of the browser each,
// or two.

const root = () => {
    if (!navigator.storage?.getDirectory) {
        throw new Error("this browser keeps no files for a page without https: open it there");
    }
    return navigator.storage.getDirectory();
};

/** A folder of the site's own. */
export const folder = async (name, create) => (await root()).getDirectoryHandle(name, { create });

/** A folder in a folder. */
export const within = (parent, name, create) => parent.getDirectoryHandle(name, { create });

/** A file as it can be read by range. */
export const fileIn = async (parent, name) => (await parent.getFileHandle(name)).getFile();

/** The names in a folder. */
export const namesIn = async (parent) => {
    const names = [];
    for await (const name of parent.keys()) names.push(name);
    return names;
};

/** Deletes a file, or a folder with all that it holds. */
export const removeFrom = (parent, name) => parent.removeEntry(name, { recursive: true });

/** Bytes in use, bytes allowed, and whether the browser keeps them until the user deletes them. */
export const room = async () => {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    return [usage, quota, Number(await navigator.storage.persisted())];
};

/** Asks the browser to keep what is stored. */
export const persist = () => navigator.storage.persist();

/** A file that one worker alone writes. */
export const writer = async (parent, name) => (await parent.getFileHandle(name, { create: true })).createSyncAccessHandle();

export const readAll = (handle) => {
    const bytes = new Uint8Array(handle.getSize());
    return bytes.subarray(0, handle.read(bytes, { at: 0 }));
};

export const writeAt = (handle, bytes, at) => handle.write(bytes, { at });

export const truncate = (handle, size) => handle.truncate(size);

export const flush = (handle) => handle.flush();

export const close = (handle) => handle.close();

/**
 * Takes a name over all tabs. Gives what releases it, or nothing where another has it; a browser without locks has none to
 * take, and journals are still held by one tab alone.
 */
export const takeLock = (name) => {
    if (!navigator.locks) return Promise.resolve(() => {});
    return new Promise((resolve, reject) => {
        const held = (lock) => {
            if (lock === null) {
                resolve(undefined);
                return undefined;
            }
            return new Promise((release) => resolve(release));
        };
        navigator.locks.request(name, { ifAvailable: true }, held).catch(reject);
    });
};
