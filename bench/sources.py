"""A git repository of real files: the sources of this project's own dependencies, as Maven Central has them."""

import shutil
import subprocess
import zipfile
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
LEAST_FILES = 5_000
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"


def repository(folder: Path, jdk: Path, env: dict[str, str]) -> Path:
    """A fresh repository with one commit that holds every file; the archives are fetched once and kept."""
    jars = folder / "jars"
    if not jars.is_dir():
        _fetch(jars, jdk)
    top = folder / "repository"
    shutil.rmtree(top, ignore_errors=True)
    for jar in sorted(jars.glob("*-sources.jar")):
        # A folder each: several have files of the same name.
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(top / jar.name.removesuffix("-sources.jar"))
    files = sum(path.is_file() for path in top.rglob("*"))
    if files < LEAST_FILES:
        raise FileNotFoundError(f"the dependencies' sources have {files} files, expected {LEAST_FILES} or more")
    git(top, env, "init", "-q", "-b", "main")
    git(top, env, "config", "user.name", "bench")
    git(top, env, "config", "user.email", "bench@localhost")
    git(top, env, "add", "--all")
    git(top, env, "commit", "-q", "-m", "the sources of the dependencies")
    return top


def git(top: Path, env: dict[str, str], *words: str) -> None:
    subprocess.run(["git", "-C", str(top), *words], env=env, check=True, stdin=subprocess.DEVNULL)


def _fetch(jars: Path, jdk: Path) -> None:
    print("   fetching the dependencies' sources", flush=True)
    aside = jars.with_name("jars.part")
    shutil.rmtree(aside, ignore_errors=True)
    # With the user's own environment: what Maven has and where it fetches from is theirs.
    command = ["mvn", "-B", "-q", "-ntp", "-f", str(TOP / "pom.xml"), "-pl", "wire,cli,daemon", "compile"]
    command += [f"{PLUGIN}:copy-dependencies", "-Dclassifier=sources", "-Dmdep.failOnMissingClassifierArtifact=false"]
    command += ["-DexcludeGroupIds=banger", f"-DoutputDirectory={aside}"]
    subprocess.run(["env", f"JAVA_HOME={jdk}", *command], check=True, stdin=subprocess.DEVNULL)
    aside.rename(jars)
