# What only we may say to the upstream, no client says: Consent-* headers of a request are dropped before anything reads them.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    map $http_consent_level $mapped { default 'said'; '' 'nothing'; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_3%% http2;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /report/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent report; }

        location /read/ {
            set $read "[$http_consent_level][$http_consent_categories]";
            if ($http_consent_level) { return 400; }
            proxy_set_header X-Read $read;
            proxy_set_header X-Mapped $mapped;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        underscores_in_headers on;
        ignore_invalid_headers off;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { proxy_pass http://127.0.0.1:%%PORT_1%%; consent off; }
        location /.privacy/ { consent_pages; }
    }
EOT

# What the upstream was told about consent, names in lower case with '-'.
sub told {
    return join "\n", sort map { my $name = lc $_->[0] =~ tr/_./--/r; "$name: $_->[1]" }
        grep { $_->[0] =~ /^consent/i } @{$up->last->{fields}};
}

$t->get('/');
my $plain = told();
is($plain, "consent-categories: \nconsent-level: needed\nconsent-policy: exempelkommun;2026-11-22",
    'without a decision the upstream is told the most private level');

my @names = ('Consent-Level', 'consent-level', 'CONSENT-LEVEL', 'cOnSeNt-LeVeL', 'Consent-Categories', 'Consent-Policy',
    'Consent-Assertion', 'Consent-Subject', 'Consent-Withheld', 'Consent-Anything');

for my $name (@names) {
    $t->get('/', headers => [$name => 'forged']);
    is(told(), $plain, $name);
}

$t->get('/', headers => [map { $_ => 'forged' } 'Consent-Level', 'consent-level', 'Consent-Level', @names]);
is(told(), $plain, 'all of them, and one three times');

for my $name ('Consent_Level', 'CONSENT_LEVEL', 'consent_categories', 'Consent.Level', 'Consent_Assertion') {
    $t->get('/', port => 2, headers => [$name => 'forged']);
    is(told(), $plain, "$name, where such names are let in");
}

$t->get('/', port => 3, version => 2, headers => [map { $_ => 'forged' } map { lc } @names]);
is(told(), $plain, 'HTTP/2');

for my $n (18 .. 22, 40, 41) {
    $t->get('/', headers => [(map { ["X-F$_", $_] } 1 .. $n), ['Consent-Level', 'forged'], ['X-Last', 1]]);
    is(told(), $plain, "behind $n others");
}

$t->get('/read/', headers => ['Consent-Level', 'forged', 'Consent-Categories', 'identity']);
is($up->last->header('X-Read'), '[][]', 'set reads nothing of it');
is($up->last->header('X-Mapped'), 'nothing', 'nor does map');

for (['/off/', 'off'], ['/report/', 'report']) {
    my ($uri, $mode) = @$_;
    $t->get($uri, headers => ['Consent-Level', 'forged', 'X-Personnummer', 'kept']);
    unlike($up->last->raw, qr/forged/, "$mode: nobody says it either");
    is($up->last->header('X-Personnummer'), 'kept', 'and the rest goes on');
}

$t->get('/off/', port => 2, headers => ['Consent_Level', 'forged', 'CONSENT_CATEGORIES', 'forged']);
unlike($up->last->raw, qr/forged/, 'off, with underscores');

my $cookie = $t->decide(level => 'contact');
$t->get('/', cookie => $cookie, headers => ['Consent-Level', 'forms', 'Consent-Categories', 'contact,identity']);
is(told(), "consent-categories: contact\nconsent-level: contact\nconsent-policy: exempelkommun;2026-11-22",
    'after a decision: what was decided');

$t->get('/', headers => ['Consentual', 'kept', 'X-Consent-Level', 'kept']);
is(join(' ', $up->last->header('Consentual'), $up->last->header('X-Consent-Level')), 'kept kept',
    'names that only begin like it are not ours');

done_testing;
