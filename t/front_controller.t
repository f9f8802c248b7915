# The path that counts is the one that was sent, also where a front controller has been put in its place before a location
# was found: for what it carries, and for what is a public task on it.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

my %ways = (
    0 => 'rewrite ^ /index.php last; location / { return 404; } location = /index.php { %%PASS%% }',
    2 => 'location / { rewrite ^ /index.php last; } location = /index.php { %%PASS%% }',
    3 => 'location / { try_files /nothing /index.php?$args; } location = /index.php { %%PASS%% }',
    4 => 'location / { try_files /nothing @index; } location @index { %%PASS%% }',
    5 => 'location / { error_page 404 = /index.php; root %%DIR%%/html; } location = /index.php { %%PASS%% }',
    6 => 'if ($uri !~ ^/\.privacy) { rewrite ^ /index.php; } location = /index.php { %%PASS%% }',
    7 => 'rewrite ^/outside/(.*)$ /overklaga/$1; location / { %%PASS%% }',
);

my $pass = 'proxy_pass http://127.0.0.1:%%PORT_1%%;';

$t->run("%%CONSENT%%\nlog_format all '\$request|\$request_uri|\$uri|\$args|\$status';\naccess_log %%DIR%%/access.log all;\n"
    . join "\n", map {
        my $way = $ways{$_} =~ s/%%PASS%%/$pass/gr;
        "server { listen 127.0.0.1:%%PORT_$_%%; consent on; $way location /.privacy/ { consent_pages; } }"
    } sort keys %ways);

my $c = Consent::Test::Canary->new($t, $up);

for my $port (sort keys %ways) {
    next if $port == 7;

    is($t->get("/overklaga/nytt?a=1&pnr=1912$port", port => $port)->status, 200, "$ways{$port}: a public task");
    like($up->last->raw, qr/[?&]a=1&pnr=1912$port /, 'gets what it needs') if $port != 5;

    for my $path ('/a/x', '/x/overklaga/y', '/overklaga/..;/x', '/overklaga/%252e%252e/x', '/index.php') {
        is($t->get("$path?a=1&pnr=" . $c->value("$path at $port"), port => $port)->status, 200, "$path is none");
    }

    for my $path ('/person/%s', '/x/../person/%s', '/x/..;/person/%s', '/%%2570erson/%s') {
        my $r = $t->get(sprintf($path, $c->value("$path at $port")), port => $port);
        is($r->status, 403, "$path is refused");
    }
}

is($t->get('/outside/x?a=1&pnr=' . $c->value('outside'), port => 7)->status, 200, 'a path that is made one by the server');
is($up->last->uri, '/overklaga/x?a=1', 'is none');

$t->quit;
is_deeply([$c->leaks], [], 'nothing else passes, nor is it logged');

done_testing;
