//! The cache of the hub's own programs, as <https://huggingface.co/docs/huggingface_hub/guides/manage-cache> describes it.
//!
//! `models--OWNER--NAME/blobs/HASH` holds the bytes, `refs/REVISION` the commit that a name stood for, and
//! `snapshots/COMMIT/PATH` is a relative symbolic link to a blob.

use crate::Repo;

/// The folder of a repository in the cache.
pub fn repo_folder(repo: &Repo) -> String {
    ["models--", &repo.as_str().replace('/', "--")].concat()
}

/// Where a blob lies below the folder of its repository.
pub fn blob(hash: &str) -> String {
    ["blobs/", hash].concat()
}

/// Where a blob grows until it is whole and checked.
pub fn incomplete(hash: &str) -> String {
    ["blobs/", hash, ".incomplete"].concat()
}

/// The lock that the hub's own programs take while they write a blob, below the cache.
pub fn lock(repo: &Repo, hash: &str) -> String {
    [".locks/", &repo_folder(repo), "/", hash, ".lock"].concat()
}

/// Where the commit of a revision is written, below the folder of the repository.
pub fn reference(revision: &str) -> String {
    ["refs/", revision].concat()
}

/// Where a file of a commit lies, below the folder of the repository.
pub fn snapshot(commit: &str, path: &str) -> String {
    ["snapshots/", commit, "/", path].concat()
}

/// What the symbolic link at [`snapshot`] holds: up to the folder of the repository, and down to the blob.
pub fn link_target(path: &str, hash: &str) -> String {
    let up = path.split('/').count() + 1;
    ["../".repeat(up).as_str(), "blobs/", hash].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_the_snapshot_to_the_blob() {
        let repo = Repo::parse("google/gemma-3-270m-it").unwrap();
        assert_eq!(repo_folder(&repo), "models--google--gemma-3-270m-it");
        assert_eq!(link_target("config.json", "abc"), "../../blobs/abc");
        assert_eq!(link_target("a/b/c.json", "abc"), "../../../../blobs/abc");
        assert_eq!(snapshot("c0ffee", "a/b.json"), "snapshots/c0ffee/a/b.json");
        assert_eq!(lock(&repo, "abc"), ".locks/models--google--gemma-3-270m-it/abc.lock");
    }
}
