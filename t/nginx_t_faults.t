# nginx -t refuses what does not fit together, names the place, and leaves
# nothing behind.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

$t->keys;
my $policy = $t->policy;

my $secret = $t->write('idp.key', 'x' x 32);
chmod 0600, $secret;
my $open = $t->write('open.key', 'x' x 32);
chmod 0644, $open;
my $short = $t->write('short.key', "short\n");
chmod 0600, $short;

my $pages = 'location /.privacy/ { consent_pages; }';
my $listen = 'listen 127.0.0.1:%%PORT_0%%;';

sub server { return "server { $listen $_[0] }" }

sub refused {
    my ($what, $http, $says, %o) = @_;

    my ($ok, $said) = $t->check($http, %o);
    ok(!$ok, "$what is refused");
    like($said, $says, 'and why');
}

sub taken {
    my ($what, $http, %o) = @_;

    my ($ok, $said) = $t->check($http, %o);
    ok($ok, "$what is taken") or diag $said;

    return $said;
}

# what is on has all it needs

my $on = server("location / { consent on; } $pages");

taken('everything', "%%CONSENT%%\n$on");
ok(-d $t->path('store'), 'the directory of the store is made');
is((getpwuid((stat $t->path('store'))[4]))[0], $t->user // getpwuid($>),
    'and the worker\'s');
opendir my $d, $t->path('store');
is(join(',', grep { !/^\./ } readdir $d), '', 'nothing is written into it');

my %part = (
    consent_policy => 'consent_policy %%DIR%%/policy.json;',
    consent_store => 'consent_store %%DIR%%/store;',
    consent_keys => 'consent_keys %%DIR%%/keys;',
);

for my $missing (sort keys %part) {
    my $rest = join ' ', map { $part{$_} } grep { $_ ne $missing } sort keys %part;
    refused("consent without $missing", $rest . $on,
        qr{"consent(?:_pages)?" in \S+check\.conf:\d+ needs $missing});
}

refused('consent without pages', "%%CONSENT%%\n" . server('location / { consent on; }'),
    qr{"consent" in \S+:\d+ needs a location with consent_pages});
refused('pages of another server', "%%CONSENT%%\n" . server('location / { consent on; }')
    . " server { listen 127.0.0.1:%%PORT_1%%; $pages }", qr{needs a location with consent_pages});
refused('report without pages', "%%CONSENT%%\n" . server('location / { consent report; }'),
    qr{needs a location with consent_pages});
refused('pages without a policy', "$part{consent_store} $part{consent_keys} " . server($pages),
    qr{"consent_pages" in \S+:\d+ needs consent_policy});
taken('a policy of the server alone', "$part{consent_store} $part{consent_keys} "
    . server("$part{consent_policy} $pages location / { consent on; }"));

# to a person

my $ai = "%%CONSENT%%\n";

taken('a route', $ai . server("consent on; $pages location / { consent_ai on; consent_topic \$arg_a arg=t header=X field=t "
    . 'json=$.a[\'b\'][*]..t; consent_human_route @desk; consent_conversation header=X-C; } location @desk { return 204; }'));
refused('a route to nowhere', $ai . server("consent on; $pages location / { consent_human_route \@desk; }"),
    qr{"consent_human_route" in \S+:\d+: there is no location "\@desk"});
refused('a route to an AI', $ai . server("consent on; consent_ai on; $pages location / { consent_human_route \@desk; }"
    . ' location @desk { return 204; }'), qr{leads to "\@desk", where AI answers \("consent_ai" in \S+:\d+\)});
refused('a route without a name', $ai . server("$pages location / { consent_human_route /desk; }"),
    qr{invalid location "/desk", it must begin with "\@"});
refused("a topic from $_->[0]", $ai . server("$pages location / { consent_topic $_->[0]; }"), $_->[1])
    for ['cookie=a', qr{invalid parameter "cookie=a"}], ['arg=', qr{invalid parameter "arg="}],
    ['json=topic', qr{invalid path "topic"}], ['$nosuch', qr{unknown "nosuch" variable}],
    ['arg=a; consent_topic arg=b', qr{is duplicate}];
refused('a conversation in a body', $ai . server("$pages location / { consent_conversation json=\$.a; }"),
    qr{must be a variable or header=name});
refused('a mode for auto', $ai . server("$pages location / { consent_ai auto mode=none; }"), qr{auto takes the mode});
refused('half a trust', $ai . server("$pages location / { consent_ai on trust=x; }"), qr{invalid parameter "trust=x"});

$t->policy(sub { $_[0]{id} = 'open'; delete $_->{human_only} for @{$_[0]{human_contact}{topics}} }, 'open.json');
like(taken('a policy without topics for people', "%%CONSENT%%\n" . server('consent_policy %%DIR%%/open.json;'
    . " consent on; $pages location / { consent_topic arg=a; }")), qr{"consent_topic" in \S+:\d+ has no effect}, 'is told');

# core and require

my $all = "%%CONSENT%%\n";

refused('a core service that asks for something',
    $all . server("$pages location /x { consent on; consent_core on; consent_require forms; }"),
    qr{"consent_require forms" in \S+:\d+ stands before a core service \("consent_core" in \S+:\d+\)});
refused('also in an if of it',
    $all . server("$pages location /x { consent on; consent_core on; if (\$arg_a) { consent_require forms; } }"),
    qr{stands before a core service});
taken('a core service that asks for the first level',
    $all . server("$pages location /x { consent on; consent_core on; consent_require needed; }"));
refused('an unknown level', $all . server("$pages location /x { consent on; consent_require nosuch; }"),
    qr{no level "nosuch" in policy "\S+policy\.json" for "consent_require" in \S+:\d+});
refused('a level without a policy', server("location /x { consent_require forms; }"),
    qr{"consent_require" in \S+:\d+ needs consent_policy});
like(taken('a level that nobody asks for', $all . server("$pages location /x { consent_require forms; }")),
    qr{"consent_require forms" in \S+:\d+ has no effect: consent is off there}, 'but said');

# expressions of the policy's text carriers

$t->policy(sub { $_[0]{categories}[1]{carriers}{text} = [{ name => 'own', regex => 'K-[0-9]+' }] },
    'own.json');
refused('an expression without a bound', server('consent_policy %%DIR%%/own.json;'),
    qr{own\.json:\d+:\d+:\ \$\.categories\[1\]\.carriers\.text\[0\]\.regex:\ the\ expression\ has\ a\ repeat.*
        policy\ "\S+own\.json"\ cannot\ be\ used:\ it\ has\ faults}sx);

# words

for my $case (
    ['consent maybe;', qr{invalid value "maybe"}],
    ['consent on until=2030-01-01;', qr{on has no end}],
    ['consent report until=soon;', qr{invalid date "soon"}],
    ['consent report from=2030-01-01;', qr{invalid parameter "from=2030-01-01"}],
    ['consent on; consent off;', qr{"consent" directive is duplicate}],
    ['consent_unknown x;', qr{invalid value "x"}],
    ['consent_ai on mode=x;', qr{invalid mode "x"}],
    ['consent_ai maybe;', qr{invalid value "maybe"}],
    ['consent_ai on model="m1";', qr{invalid parameter "model="m1""}],
    [q{consent_ai on provider='P';}, qr{invalid parameter "provider='P'"}],
    ['consent_ai_unmarkable hide;', qr{invalid value "hide"}],
    ['consent_contact middle;', qr{invalid value "middle"}],
    ['consent_restore maybe;', qr{invalid value "maybe" in "consent_restore" directive}],
    ['consent_identity off x;', qr{invalid parameter "off"}],
    ['consent_identity cookie=a;', qr{needs alg=}],
    ['consent_identity cookie=a alg=HS256;', qr{needs key=}],
    ['consent_identity alg=HS256 key=%%DIR%%/idp.key;', qr{needs cookie=, header= or subject=}],
    ['consent_identity cookie=a header=b alg=HS256 key=%%DIR%%/idp.key;', qr{one of cookie=}],
    ['consent_identity cookie=a alg=none key=%%DIR%%/idp.key;', qr{invalid parameter "alg=none"}],
    ['consent_identity cookie=a alg=HS256 key=%%DIR%%/open.key;', qr{open\.key" holds a secret and must have mode 0600}],
    ['consent_identity cookie=a alg=HS256 key=%%DIR%%/short.key;', qr{HS256 needs a secret of 32 bytes}],
    ['consent_identity cookie=a alg=RS256 key=%%DIR%%/idp.key;', qr{RS256 needs an RSA key in PEM}],
    ['consent_identity cookie=a alg=ES256 key=%%DIR%%/none.pem;', qr{none\.pem" failed}],
    ['consent_identity subject=$ssl_client_s_dn;', qr{needs issuer=}],
    ['consent_identity subject=x issuer=y;', qr{subject= needs a variable}],
    ['consent_identity subject=$a$b issuer=y;', qr{one variable and nothing else}],
    ['consent_identity subject=$ssl_client_s_dn issuer=y alg=HS256;', qr{do not belong to it}],
    (map { [qq{consent_identity subject=\$$_ issuer=y;}, qr{is what a client sends}] }
        qw(http_x_user HTTP_X cookie_uid arg_u remote_user args request_uri uri host)),
    ['consent_assertion alg=HS256;', qr{needs key= and alg=}],
    ['consent_assertion key=%%DIR%%/idp.key alg=HS256 ttl=2h;', qr{invalid ttl "2h"}],
    ['consent_assertion key=%%DIR%%/open.key alg=HS256;', qr{must have mode 0600}],
) {
    my ($directive, $says) = @$case;
    refused($directive, $all . server("$pages location / { $directive }"), $says);
}

taken('an identity', $all . server("$pages location / { consent on; "
    . 'consent_identity cookie=sid key=%%DIR%%/idp.key alg=HS256 issuer=i audience=a claim=uid; '
    . 'consent_assertion key=%%DIR%%/idp.key alg=HS256 audience=up ttl=1m; }'));
taken('a variable of nginx\'s own', $all . server("$pages location / { consent on; "
    . 'set $user x; consent_identity subject=$user issuer=login; }'));

# pages

for my $case (
    ['location /p { consent_pages; }', qr{ends with "/"}],
    ['location = /p/ { consent_pages; }', qr{a prefix}],
    ['location ~ /p/ { consent_pages; }', qr{a prefix}],
    ['location @p { consent_pages; }', qr{a prefix}],
    ['location "/p q/" { consent_pages; }', qr{letters, digits}],
    ["$pages location /b/ { consent_pages; }", qr{is there already in this server, at \S+:\d+}],
    ['location /p/ { consent_pages x=1; }', qr{invalid parameter "x=1"}],
    ['location /p/ { consent_pages shell=%%DIR%%/none.html; }', qr{none\.html" failed}],
    ['location /p/ { consent_pages shell=%%DIR%%/policy.json; }', qr{cannot be used}],
    ['location /p/ { consent_pages assets=%%DIR%%/none; }', qr{none" failed}],
) {
    refused($case->[0], $all . server($case->[0]), $case->[1]);
}

for my $case (
    ['consent_metrics allow=x;', qr{invalid address range "x"}],
    ['consent_metrics deny=all;', qr{invalid parameter "deny=all"}],
) {
    refused($case->[0], $all . server("location /m { $case->[0] }"), $case->[1]);
}
for my $case (
    ['location /log { consent_log; }', qr{ends with "/"}],
    ['location ~ /log/ { consent_log; }', qr{a prefix}],
    ['location /log/ { consent_log allow=10.0.0.0/99; }', qr{invalid address range}],
    ['location /log/ { consent_log public=on; }', qr{invalid parameter "public=on"}],
    ['location /log/ { consent_log; consent_log; }', qr{is duplicate}],
    ['location /log/ { consent_log; }', qr{"consent_log" in \S+:\d+ needs a location with consent_pages}],
) {
    refused($case->[0], $all . server($case->[0]), $case->[1]);
}

my $vkey = 'witness.example.net/w1+f9706618+BHzXSeTnFGflVNdpvUzJJSdTidWFoEeQGE0UWOaVJvlD';
my $logged = server("$pages location /log/ { consent_log; }");

taken('a witness', "$all consent_witness $vkey; $logged");
taken('one that is asked', "$all consent_witness $vkey /witness; $logged");

for my $case (
    ["consent_witness $vkey; $on", qr{"consent_witness" needs a location with consent_log}],
    ["consent_witness $vkey; consent_witness $vkey; $logged", qr{"witness\.example\.net/w1" is there already}],
    ["consent_witness $vkey http://witness.example.net/; $logged", qr{must begin with "/" and lead to an internal location}],
    ["consent_witness witness.example.net; $logged", qr{no witness's verifier key}],
    ["consent_witness consent.example.org/node1+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4; $logged",
        qr{no witness's verifier key}],
) {
    refused($case->[0], "$all $case->[0]", $case->[1]);
}

refused('an interval of nothing', "$all consent_log_interval 0; $on", qr{at least 10ms});
taken('a log for nobody but of its checkpoint', $all . server("$pages location /log/ { consent_log; }"));
is((stat $t->path('keys/kept'))[2] & 0777, 0700, 'what is signed is kept beside the keys');

like(taken('metrics for nobody', $all . server('location /m { consent_metrics; }')),
    qr{is denied to everybody}, 'but said');

# store and keys

refused('a store too small', "$part{consent_policy} $part{consent_keys} consent_store %%DIR%%/store size=1k; $on",
    qr{invalid size "1k"});
refused('a store in a file', "$part{consent_policy} $part{consent_keys} consent_store %%DIR%%/policy.json; $on",
    qr{"\S+policy\.json" is not a directory});
refused('keys inside the store', "$part{consent_policy} $part{consent_keys} consent_store %%DIR%%; $on",
    qr{keys "\S+" are inside the store "\S+"});
symlink $t->dir, $t->path('link');
refused('in any spelling', "$part{consent_policy} consent_keys %%DIR%%/keys; consent_store %%DIR%%/link; $on",
    qr{are inside the store});
refused('no keys', "$part{consent_policy} $part{consent_store} consent_keys %%DIR%%/none; $on",
    qr{keys in "\S+none" cannot be used: \S});

chmod 0640, $t->path('keys/cookie.key');
refused('keys that others may read', $all . $on, qr{cookie\.key});
chmod 0600, $t->path('keys/cookie.key');

# policies

refused('a policy that is not there', "consent_policy %%DIR%%/none.json;", qr{none\.json" failed});

$t->policy(sub {
    $_[0]{levels}[0]{shares} = ['contact'];
    delete $_[0]{controller}{name};
}, 'bad.json');
refused('a policy with faults', "consent_policy %%DIR%%/bad.json;",
    qr{bad\.json:\d+:\d+: \$\.controller.*bad\.json:\d+:\d+: \$\.levels\[0\]\.shares}s);

$t->write('torn.json', '{"id": ');
refused('a policy that is no JSON', "consent_policy %%DIR%%/torn.json;", qr{torn\.json:1:\d+: });

$t->policy(sub { $_[0]{version} = 'other' }, 'other.json');
refused('two versions of one policy', "$all consent_policy2;", qr{unknown directive});
refused('two versions of one policy', $part{consent_policy}
    . server('consent_policy %%DIR%%/other.json;'), qr{have the same id and are different});
$t->policy(undef, 'same.json');
taken('the same policy twice', $part{consent_policy} . server('consent_policy %%DIR%%/same.json;'));

# fifty servers share one policy

my ($ok, $said) = $t->check($all . join '', map {
    "server { listen 127.0.0.1:%%PORT_0%%; server_name s$_; $pages location / { consent on; } }" } 1 .. 50);
ok($ok, 'fifty servers') or diag $said;

ok(!-e $t->path('store/data.mdb'), 'the store was never opened');

done_testing();
