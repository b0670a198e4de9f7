//! One private server: its processes, from the first to the last.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use postgres::Config;

use crate::account::Account;
use crate::error::SessionError;
use crate::find::Installation;
use crate::places::Places;
use crate::process::{PAUSE, end_child};
use crate::registry::{Cleanup, locked, register};
use crate::run_folder::{DATA, LOG, RunFolder, tail};
use crate::session::Session;
use crate::start_error::StartError;
use crate::sweep::sweep;
use crate::template;

/// The superuser of every private server. The name `postgres` is left to the role that runs what others wrote.
pub(crate) const SUPERUSER: &str = "underpin_superuser";
/// How long a server may take until it accepts connections.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// A private server. It is stopped and its folder removed when this is dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct Private {
    folder: PathBuf,
    /// `None` once it was stopped.
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    folder: RunFolder,
    /// `initdb` first, the server later.
    child: Option<Child>,
}

impl Private {
    /// Starts a server and returns when it takes connections. Sweeps first.
    pub(crate) fn start(
        installation: &Installation,
        places: &Places,
    ) -> Result<Arc<Self>, StartError> {
        let account = Account::for_servers().ok_or(StartError::NoAccount)?;
        sweep(places);
        let template = template::Template::of(installation, &account, places);
        match Self::attempt(installation, places, &account, template.as_ref()) {
            // A cached data folder that somebody tidied up (empty folders are part of it) is made anew, once.
            Err(StartError::Exited { .. })
                if template.as_ref().is_some_and(template::Template::discard) =>
            {
                Self::attempt(installation, places, &account, template.as_ref())
            }
            result => result,
        }
    }

    fn attempt(
        installation: &Installation,
        places: &Places,
        account: &Account,
        template: Option<&template::Template>,
    ) -> Result<Arc<Self>, StartError> {
        let folder = RunFolder::create(&places.temporary)
            .map_err(|source| StartError::Folder { path: places.temporary.clone(), source })?;
        let path = folder.path().to_owned();
        let running = Mutex::new(Some(Running { folder, child: None }));
        let private = Arc::new(Self { folder: path, running });
        if !register(&private) {
            return Err(StartError::Interrupted);
        }
        template::prepare(&private, installation, account, template)?;
        private.spawn(&installation.program("postgres"), account, |command| {
            command.arg("-D").arg(private.data()).arg("-k").arg(&private.folder);
        })?;
        private.wait_until_ready()?;
        Ok(private)
    }

    /// The folder that holds everything of this server.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The data folder in it.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join(DATA)
    }

    /// The file that the output of its processes goes to.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join(LOG)
    }

    /// How to connect to it.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new();
        config
            .host_path(&self.folder)
            .user(SUPERUSER)
            .dbname("postgres")
            .application_name("underpin");
        config
    }

    /// Does something in the folder that an interruption has to wait for, lest it remove the folder at the same time.
    pub(crate) fn undisturbed<T>(
        &self,
        act: impl FnOnce() -> Result<T, StartError>,
    ) -> Result<T, StartError> {
        let running = locked(&self.running);
        if running.is_some() { act() } else { Err(StartError::Interrupted) }
    }

    /// Starts a program in the folder, under the account, with its output in the log.
    pub(crate) fn spawn(
        &self,
        program: &Path,
        account: &Account,
        arguments: impl FnOnce(&mut Command),
    ) -> Result<(), StartError> {
        let mut running = locked(&self.running);
        let Some(running) = running.as_mut() else { return Err(StartError::Interrupted) };
        let folder_error = |source| StartError::Folder { path: self.folder.clone(), source };
        let log =
            OpenOptions::new().create(true).append(true).open(self.log()).map_err(folder_error)?;
        let errors = log.try_clone().map_err(folder_error)?;
        account.own(&self.folder).map_err(folder_error)?;
        let mut command = Command::new(program);
        arguments(&mut command);
        // Settings of the person's own client (PGDATA, PGOPTIONS, …) and language must not reach this server.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("PG") || name.starts_with("LC_") || name.starts_with("LANG") {
                command.env_remove(&*name);
            }
        }
        command.env("LC_ALL", "C").current_dir(&self.folder);
        command.stdin(Stdio::null()).stdout(log).stderr(errors);
        // A group of its own: Ctrl-C on the terminal reaches us alone, and we stop the server in order.
        command.process_group(0);
        account.run(&mut command);
        let child = command.spawn().map_err(|source| StartError::Spawn {
            program: program.to_owned(),
            account: account.to_string(),
            source,
        })?;
        running.child = Some(child);
        Ok(())
    }

    /// Waits for the program started last.
    pub(crate) fn wait(&self) -> Result<ExitStatus, StartError> {
        loop {
            if let Some(status) = self.exited()? {
                return Ok(status);
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn exited(&self) -> Result<Option<ExitStatus>, StartError> {
        let mut running = locked(&self.running);
        let Some(child) = running.as_mut().and_then(|running| running.child.as_mut()) else {
            return Err(StartError::Interrupted);
        };
        child.try_wait().map_err(|source| StartError::Folder { path: self.folder.clone(), source })
    }

    fn wait_until_ready(&self) -> Result<(), StartError> {
        let config = self.config();
        let begun = Instant::now();
        loop {
            if self.exited()?.is_some() {
                return Err(StartError::Exited { log: tail(&self.log()) });
            }
            let late = begun.elapsed() > READY_WITHIN;
            // The file says when an attempt is worth while; each one in vain costs the server a process.
            if self.says_ready() || late {
                let Err(last) = Session::open(&config) else { return Ok(()) };
                if late || matches!(last, SessionError::Misused(_)) {
                    let log = tail(&self.log());
                    return Err(StartError::NotReady { after: begun.elapsed(), last, log });
                }
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Whether the last line of `postmaster.pid` says that connections are taken, as `pg_ctl` reads it.
    fn says_ready(&self) -> bool {
        std::fs::read_to_string(self.data().join("postmaster.pid"))
            .is_ok_and(|text| text.lines().nth(7).is_some_and(|status| status.trim() == "ready"))
    }

    /// Stops the server and removes its folder; does nothing the second time.
    pub(crate) fn stop(&self) -> io::Result<()> {
        let mut running = locked(&self.running);
        let Some(Running { folder, child }) = running.take() else { return Ok(()) };
        if let Some(mut child) = child {
            end_child(&mut child);
        }
        folder.remove()
    }

    /// The number of its first process.
    pub(crate) fn process(&self) -> Option<u32> {
        locked(&self.running).as_ref()?.child.as_ref().map(Child::id)
    }

    /// Whether it was not stopped yet.
    pub(crate) fn is_running(&self) -> bool {
        locked(&self.running).is_some()
    }
}

impl Cleanup for Private {
    fn clean_up(&self) {
        // There is nobody to tell; what stays is found by the next run's sweep.
        let _ = self.stop();
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.clean_up();
    }
}
