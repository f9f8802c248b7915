# A request that is sent on to another location stays as it became: internal
# redirects, named locations, error pages, X-Accel-Redirect, try_files, if.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream(sub {
    my ($r) = @_;

    return { headers => ['X-Accel-Redirect', '/landed?from=accel'], body => '' } if $r->uri =~ m{^/accel};
    return { status => 404, body => 'nothing' } if $r->uri =~ m{^/missing};
    return { body => 'seen' };
});

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        proxy_intercept_errors on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /named/ { error_page 418 = @named; return 418; }
        location @named { proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /try/ { try_files /nothing @named; }
        location /tryuri/ { try_files /nothing /landed?from=try&$args; }
        location /rewritten/ { rewrite ^/rewritten/(.*)$ /landed/$1 last; }
        location /missing/ { error_page 404 = /landed?from=error; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /accel/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /if/ {
            if ($arg_q) { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        }

        # read at first, passed on later
        location /kept/ { set $kept $arg_pnr$cookie_pnr$http_x_personnummer; rewrite ^ /landed?kept=$kept? last; }

        location /tooff/ { rewrite ^ /off/x last; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /fromoff/ { consent off; rewrite ^ /landed/x last; }

        location /landed { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';

sub go {
    my ($path, $cookie) = @_;

    return $t->get("$path?q=1&pnr=$secret", cookie => join('; ', 'a=1', "pnr=$secret", $cookie // ()),
        headers => ['X-Personnummer', $secret, 'X-A', 1, 'Consent-Level', 'forged']);
}

my %lands = (
    '/named/x' => '/named/x?q=1',
    '/try/x' => '/try/x?q=1',
    '/tryuri/x' => '/landed?from=try&q=1',
    '/rewritten/x' => '/landed/x?q=1',
    '/missing/x' => '/landed?from=error',
    '/accel/x' => '/landed?from=accel',
    '/if/x' => '/if/x?q=1',
    '/kept/x' => '/landed?kept=',
    '/fromoff/x' => '/landed/x?q=1',
);

for my $path (sort keys %lands) {
    is(go($path)->status, 200, "$path is answered");

    my $r = $up->last;
    is($r->uri, $lands{$path}, 'where it lands');
    unlike($r->raw, qr/$secret/, 'without what is protected');
    is($r->header('Cookie'), 'a=1', 'its cookies');
    is($r->header('X-A'), 1, 'its headers');
    is(join(' ', $r->header('Consent-Level')), 'needed', 'and what we say, once');
}

go('/tooff/x');
is($up->last->uri, '/off/x?q=1', 'what was taken out is not put back where consent is off');
is($up->last->header('Consent-Level'), undef, 'where nothing is said');

my $cookie = $t->decide(level => 'forms');
$lands{'/kept/x'} = "/landed?kept=$secret$secret$secret";

for my $path (sort keys %lands) {
    go($path, $cookie);

    my $r = $up->last;
    is($r->uri, $lands{$path} =~ s/q=1/q=1&pnr=$secret/r, "$path, granted");
    is($r->header('Cookie'), "a=1; pnr=$secret", 'its cookies');
    is($r->header('X-Personnummer'), $secret, 'its headers');
    is(join(' ', $r->header('Consent-Level')), 'forms', 'and what we say, once');
}

done_testing();
