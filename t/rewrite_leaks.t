# Nothing in a location reads a request before it has become less: not set, if, map,
# rewrite, captures, nor what a server-level directive looked at and nginx kept.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    map $arg_pnr $mapped_arg { default $arg_pnr; "" none; }
    map $cookie_pnr $mapped_cookie { default $cookie_pnr; "" none; }
    map $http_x_personnummer $mapped_header { default $http_x_personnummer; "" none; }
    map $mapped_arg $mapped_twice { default "twice $mapped_arg"; none none; }
    map $request_uri $mapped_uri { default $request_uri; }
    map $server_side $mapped_set { default "mapped $server_side"; }

    split_clients $arg_pnr $half { 50% one; * two; }

    server {
        listen 127.0.0.1:%%PORT_0%%;
        server_name ~^(?<tenant>\w+)\.example$;
        consent on;

        # read before any location is known: nginx keeps what it read
        set $server_side kept;
        if ($mapped_arg = x) { set $never 1; }
        if ($mapped_twice = x) { set $never 1; }
        if ($mapped_cookie = x) { set $never 1; }
        if ($mapped_header = x) { set $never 1; }
        if ($mapped_uri = x) { set $never 1; }
        if ($mapped_set = x) { set $never 1; }
        if ($half = x) { set $never 1; }
        if ($http_cookie = x) { set $never 1; }
        if ($request = x) { set $never 1; }

        location /set/ {
            set $arg $arg_pnr;
            set $cookie $cookie_pnr;
            set $header $http_x_personnummer;
            set $all $args;
            proxy_pass http://127.0.0.1:%%PORT_1%%/set?arg=$arg&cookie=$cookie&header=$header&all=$all;
        }

        location /if/ {
            if ($arg_pnr ~ (.+)) { return 200 "leak $1"; }
            if ($cookie_pnr) { return 200 "leak"; }
            if ($http_x_personnummer) { return 200 "leak"; }
            if ($request_uri ~ pnr=(\d+)) { return 200 "leak $1"; }
            if ($request ~ pnr=(?<caught>\d+)) { return 200 "leak $caught"; }
            if ($args ~ pnr) { return 200 "leak"; }
            if ($query_string ~ pnr) { return 200 "leak"; }
            return 200 "nothing";
        }

        location /map/ {
            proxy_set_header X-Arg $mapped_arg;
            proxy_set_header X-Twice $mapped_twice;
            proxy_set_header X-Cookie $mapped_cookie;
            proxy_set_header X-Header $mapped_header;
            proxy_set_header X-Uri $mapped_uri;
            proxy_set_header X-Set $mapped_set;
            proxy_set_header X-Tenant $tenant;
            proxy_set_header X-Request $request;
            proxy_set_header X-Half $half;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /rewrite/ {
            rewrite ^/rewrite/(.*)$ /landed/$1?from=$arg_pnr$cookie_pnr;
        }

        location ~ ^/captured/(?<part>\w+)$ {
            proxy_set_header X-Part $part;
            proxy_set_header X-One $1;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /landed/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /return/ { return 200 "$request_uri $args $arg_pnr $cookie_pnr $http_x_personnummer $http_cookie"; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my @with = (host => 'kommun.example', cookie => "a=1; pnr=$secret", headers => ['X-Personnummer', $secret]);

$t->get("/set/?pnr=$secret&q=1", @with);
is($up->last->uri, '/set?arg=&cookie=&header=&all=q=1', 'set');

is($t->get("/if/?pnr=$secret&q=1", @with)->body, 'nothing', 'if');

$t->get("/map/?pnr=$secret&q=1", @with);
my $r = $up->last;
is($r->header('X-Arg'), 'none', 'map of an argument');
is($r->header('X-Twice'), 'none', 'map of a map');
is($r->header('X-Cookie'), 'none', 'map of a cookie');
is($r->header('X-Header'), 'none', 'map of a header');
is($r->header('X-Uri'), '/map/?q=1', 'map of the URI');
is($r->header('X-Request'), 'GET /map/?q=1 HTTP/1.1', 'the request line');
is($r->header('X-Set'), 'mapped kept', 'what set has made stays');
is($r->header('X-Tenant'), 'kommun', 'what the server name has captured stays');
like($r->header('X-Half'), qr/^(?:one|two)$/, 'what was split is split anew');

$t->get("/rewrite/x?pnr=$secret&q=1", @with);
is($up->last->uri, '/landed/x?from=&q=1', 'rewrite');

$t->get("/captured/abc?pnr=$secret&q=1", @with);
is($up->last->header('X-Part'), 'abc', 'what a location has captured stays, by name');
is($up->last->header('X-One'), 'abc', 'and by number');

is($t->get("/return/?pnr=$secret&q=1", @with)->body, '/return/?q=1 q=1    a=1', 'return');

unlike($_->raw, qr/$secret/, 'nothing arrived in ' . $_->uri) for $up->requests;

# the same, granted

my $cookie = $t->decide(level => 'forms');

$t->get("/map/?pnr=$secret&q=1", host => 'kommun.example', cookie => "$cookie; a=1; pnr=$secret",
    headers => ['X-Personnummer', $secret]);
$r = $up->last;
is($r->header('X-Twice'), "twice $secret", 'granted, a map of a map');
is($r->header('X-Cookie') . $r->header('X-Header'), $secret x 2, 'a cookie, a header');
is($r->header('X-Uri'), "/map/?pnr=$secret&q=1", 'the URI');

done_testing();
