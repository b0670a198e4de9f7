//! What may be chosen about a run.

/// What may be chosen about a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Most bytes that the chosen indexes may take together, as HypoPG estimates them; no limit where it is `None`.
    pub budget: Option<u64>,
    /// Most columns of an index, payload included.
    pub max_width: usize,
    /// Seconds after which the search ends, counted as [`crate::Planner::seconds`] counts.
    pub seconds: f64,
    /// Whether indexes of some rows only are thought of.
    pub partial: bool,
    /// Whether indexes of expressions are thought of.
    pub expressions: bool,
    /// Which access methods are thought of.
    pub methods: Methods,
    /// The seed of the search's choices: where time does not cut in, the same seed gives the same set.
    pub seed: u64,
}

/// Which access methods are thought of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Methods {
    /// Those whose indexes can be hypothetical: b-tree, hash and BRIN.
    #[default]
    Hypothetical,
    /// Those that have to be made to be tried, such as GIN and `GiST`.
    Made,
    /// All of them.
    All,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            budget: None,
            max_width: 3,
            seconds: 10.0,
            partial: true,
            expressions: true,
            methods: Methods::default(),
            seed: 1,
        }
    }
}
