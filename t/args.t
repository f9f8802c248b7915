# Arguments: they go from the query, from the URI that a proxy_pass without a path
# sends, and from what nginx writes into its log.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    log_format all '$request|$request_uri|$args|$query_string|$arg_pnr|$http_referer|$uri';
    access_log %%DIR%%/access.log all;

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /path/ { proxy_pass http://127.0.0.1:%%PORT_1%%/other/; }
        location /variable/ { proxy_pass http://127.0.0.1:%%PORT_1%%$request_uri; }
        location /args/ { proxy_pass http://127.0.0.1:%%PORT_1%%/args?$args; }
        location /.privacy/ { consent_pages; }
    }

    server {
        listen 127.0.0.1:%%PORT_2%%;
        rewrite ^/old$ /new? last;
        consent on;

        location / {
            proxy_set_header X-Uri $request_uri;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';

for my $row (
    ['q=1', 'q=1', 'nothing protected'],
    ["a=1&pnr=$secret&b=2", 'a=1&b=2', 'in the middle'],
    ["pnr=$secret&b=2", 'b=2', 'the first'],
    ["b=2&pnr=$secret", 'b=2', 'the last'],
    ["pnr=$secret", undef, 'the only one'],
    ["a=1;pnr=$secret;b=2", 'a=1;b=2', 'behind a semicolon'],
    ["a=%C3%A5&%70nr=$secret&b=+", 'a=%C3%A5&b=+', 'percent'],
    ["a=1&%2570nr=$secret&b=2", 'a=1&b=2', 'percent twice'],
    ["a=1&PNR=$secret&pnr[]=$secret&pnr.x=$secret&pnr+=$secret&b", 'a=1&b', 'case, brackets, dots, plus'],
    ["a=1&pnr=&pnr&b=2", 'a=1&b=2', 'an empty value, a bare name'],
    ["a=1&next=%2Fform%3Fpnr%3D$secret&b=2", 'a=1&b=2', 'in a URL within a value'],
) {
    my ($sent, $arrives, $name) = @$row;
    my $query = defined $arrives ? "?$arrives" : '';

    for my $path ('/', '/variable/') {
        $t->get("$path?$sent");
        is($up->last->uri, "$path$query", "$name, at $path");
    }

    $t->get("/path/x?$sent");
    is($up->last->uri, "/other/x$query", 'where the path is another');

    $t->get("/args/?$sent");
    is($up->last->uri, '/args?' . ($arrives // ''), 'by variable');
}

# the path itself arrives as it was sent

$t->get("/a%20b//c%2Fd/./e?pnr=$secret&q=1");
is($up->last->uri, '/a%20b//c%2Fd/./e?q=1', 'the path byte for byte');

$t->get("/sok?q=1#pnr=$secret");
is($up->last->uri, '/sok?q=1', 'a fragment, which no browser sends');

# what a rewrite of the server has dropped is dropped from the line too

$t->get("/old?pnr=$secret&q=1", port => 2);
is($up->last->uri, '/new', 'a rewrite of the server drops the arguments');
is($up->last->header('X-Uri'), '/old?q=1', 'the line that was asked for is without it too');

# Referer and its like

for my $name ('Referer', 'X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri') {
    $t->get('/', headers => [$name, "https://portal.example/sok?a=1&pnr=$secret&b=2#x"]);
    is($up->last->header($name), 'https://portal.example/sok?a=1&b=2#x', $name);
}

$t->get('/', headers => ['Referer', "https://portal.example/person/$secret?q=1"]);
is($up->last->header('Referer'), 'https://portal.example/', 'Referer with a protected path');

for my $request ($up->requests) {
    unlike($request->raw, qr/$secret/, 'nothing of it arrived in ' . $request->uri);
}

$t->quit;
unlike($t->access_log, qr/$secret/, 'nothing of it is in the log');
like($t->access_log, qr/^GET \/\?a=1&b=2 HTTP\/1\.1\|\/\?a=1&b=2\|a=1&b=2\|a=1&b=2\|-\|/m, 'which has the rest');

done_testing();
